import type { DrainCode, Outcome, Report, Status } from '../../check/outcome.ts';
import type { Rejection, RejectionCode } from '../reply.ts';
import type { Body } from './body.ts';
import { methods, type RefusalCode } from './request.ts';

const statusLines = {
  ok: '200 OK',
  warning: '200 OK',
  critical: '503 Service Unavailable',
  unknown: '503 Service Unavailable',
} satisfies Record<Status, string>;

const drainStatusLines = {
  404: '404 Not Found',
  503: statusLines.critical,
} satisfies Record<DrainCode, string>;

const refusals = {
  400: ['400 Bad Request', 'This is not an HTTP/1.x request.'],
  405: ['405 Method Not Allowed', `Allowed is ${methods.join(', ')}.`],
  408: ['408 Request Timeout', 'The request head did not come in time.'],
  431: ['431 Request Header Fields Too Large', 'The request head is over 8 KiB or 100 lines.'],
} satisfies Record<RefusalCode, readonly [string, string]>;

/** The answer to a client's request. */
export function response(method: string | undefined, report: Report, body: Body): string {
  const statusLine = body.isScrape ? statusLines.ok : statusLineOf(report.outcome);
  const content = { type: body.contentType, text: body.render(report) };
  return message(statusLine, body.fields ?? [], method, content);
}

function statusLineOf({ status, drainCode }: Outcome): string {
  return drainCode === undefined ? statusLines[status] : drainStatusLines[drainCode];
}

/** The answer to a request that is refused, and for which no probe is run. */
export function refusal(code: RefusalCode, method: string | undefined): string {
  const [statusLine, reason] = refusals[code];
  const fields = code === 405 ? [`Allow: ${methods.join(', ')}`] : [];
  const content = { type: 'text/plain; charset=utf-8', text: `${reason}\n` };
  return message(statusLine, fields, method, content);
}

const rejections = {
  400: '400 Bad Request',
  403: '403 Forbidden',
  404: '404 Not Found',
} satisfies Record<RejectionCode, string>;

/** The answer to a request for which no check was run. */
export function rejected(method: string | undefined, { code, report }: Rejection): string {
  const text = `${report.outcome.summary}\n`;
  return message(rejections[code], [], method, { type: 'text/plain; charset=utf-8', text });
}

/** One response (RFC 9112 section 4); the length is that of a GET's body for HEAD too. */
function message(
  statusLine: string,
  fields: readonly string[],
  method: string | undefined,
  content: { readonly type: string; readonly text: string },
): string {
  const head = [
    `HTTP/1.1 ${statusLine}`,
    `Date: ${new Date().toUTCString()}`,
    ...fields,
    'Cache-Control: no-store',
    `Content-Type: ${content.type}`,
    `Content-Length: ${Buffer.byteLength(content.text)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : content.text}`;
}
