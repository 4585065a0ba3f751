import { afterReading } from '../../system/event-loop.ts';
import type { Input } from '../../system/sockets/inbox.ts';
import type { OnLate } from '../reply.ts';
import { isMalformed } from './malformed.ts';

/** A request that is answered. */
export interface Request {
  readonly method: string;
  /** As in its line: a path, `*` or a whole URI. */
  readonly target: string;
  /** The value of its Accept fields; undefined without one. */
  readonly accept?: string;
  /** How long its client waits for the answer, in seconds, when it is a Prometheus. */
  readonly scrapeTimeout?: number;
}

/** The result of reading one request. `method` is undefined until its line is read. */
export type HeadResult =
  | ({ readonly kind: 'request' } & Request)
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly method?: string };

/** RFC 9110 sections 15.5.1, 15.5.6 and 15.5.9, RFC 6585 section 5. */
export type RefusalCode = 400 | 405 | 408 | 431;

/** The methods that are answered. */
export const methods = ['GET', 'HEAD', 'OPTIONS'] as const;

/** The longest head: bytes with the blank line, lines without it. */
const longestHead = 8192;
const mostLines = 100;

/**
 * How long we wait for a request after a blank line, in seconds. After that the blank line is the
 * request.
 */
const blankLineSeconds = 0.25;

/** RFC 9112 sections 3 and 5; a field line has no bare CR, NUL or other control character. */
const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~\x80-\xff]+) HTTP\/1\.(\d)$/;
const fieldLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)$/;

/** The beginning of a request line, or of a blank line; the third part is tested separately. */
const lineBegin = /^(?:\r|[!#$%&'*+.^_`|~0-9A-Za-z-]*(?: (?:[!-~\x80-\xff]+(?: (.*))?)?)?)$/s;
const versionBegin = 'HTTP/1.';

/** True when a request line can begin with a text. */
function canBeginLine(text: string): boolean {
  const [whole, version = ''] = lineBegin.exec(text) ?? [];
  if (whole === undefined || whole.startsWith(' ')) return false;
  return versionBegin.startsWith(version) || /^HTTP\/1\.\d\r?$/.test(version);
}

/** Reads one head (RFC 9112 section 2), fed as it arrives. */
export interface RequestReader {
  /**
   * Takes the next bytes, however they are split. The result, once there is one, depends only on the
   * bytes.
   */
  feed(bytes: Buffer): HeadResult | undefined;
  /** The client will send no more: a head without its blank line is taken as it is. */
  end(): HeadResult;
  /** The head did not come in time. */
  late(): HeadResult;
  /** True while nothing but blank lines has come: a request by itself, unless more follows. */
  isBlank(): boolean;
}

/** A reader for one request. */
export function requestReader(): RequestReader {
  let length = 0;
  let lines = 0;
  let unfinished = '';
  let method: string | undefined;
  let target = '/';
  let minorVersion = '1';
  const fields: [string, string][] = [];

  const refuse = (code: RefusalCode): HeadResult =>
    method === undefined ? { kind: 'refused', code } : { kind: 'refused', code, method };
  const complete = (): HeadResult => {
    const asked = method ?? 'GET';
    if (isMalformed({ method: asked, target, minorVersion, fields })) return refuse(400);
    if (!methods.some((known) => known === asked)) return refuse(405);
    const accepts = fields.flatMap(([name, value]) => (name === 'accept' ? [value] : []));
    const accept = accepts.length > 0 ? { accept: accepts.join(',') } : {};
    const scrapeTimeout = scrapeTimeoutIn(fields);
    const timeout = scrapeTimeout === undefined ? {} : { scrapeTimeout };
    return { kind: 'request', method: asked, target, ...accept, ...timeout };
  };
  const takeRequestLine = (line: string): HeadResult | undefined => {
    [, method, target = '/', minorVersion = '1'] = requestLine.exec(line) ?? [];
    return method === undefined ? refuse(400) : undefined;
  };
  const takeField = (line: string): HeadResult | undefined => {
    const [, name, value = ''] = fieldLine.exec(line) ?? [];
    if (name === undefined) return refuse(400);
    fields.push([name.toLowerCase(), value]);
    return undefined;
  };
  const takeLine = (text: string): HeadResult | undefined => {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '' && method !== undefined) return complete();
    lines += 1;
    if (lines > mostLines) return refuse(431);
    // RFC 9112 section 2.2: blank lines before a request line are skipped.
    if (line === '') return undefined;
    return method === undefined ? takeRequestLine(line) : takeField(line);
  };
  const isBlank = () => lines > 0 && method === undefined && unfinished === '';

  return {
    feed(bytes) {
      const taken = bytes.subarray(0, longestHead - length);
      length += taken.length;
      const parts = (unfinished + taken.toString('latin1')).split('\n');
      unfinished = parts.pop() ?? '';
      for (const line of parts) {
        const result = takeLine(line);
        if (result) return result;
      }
      if (method === undefined && !canBeginLine(unfinished)) return refuse(400);
      return length === longestHead ? refuse(431) : undefined;
    },
    end() {
      return (unfinished === '' ? undefined : takeLine(unfinished)) ?? complete();
    },
    late: () => (isBlank() ? complete() : refuse(408)),
    isBlank,
  };
}

/** Reads a request's head until it is late. If the input fails, that counts as its end. */
export function readHead(input: Input, onLate: OnLate): Promise<HeadResult> {
  return new Promise((resolve) => {
    const reader = requestReader();
    let silence: NodeJS.Timeout | undefined;
    const settle = (result: HeadResult) => {
      clearTimeout(silence);
      silence = undefined;
      input.receive(undefined);
      resolve(result);
    };
    const end = () => settle(reader.end());
    // It may be called after the end of the wait: see afterReading.
    const endIfBlank = () => silence && reader.isBlank() && end();
    const waitAfterBlankLine = () => {
      clearTimeout(silence);
      if (reader.isBlank()) silence = setTimeout(afterReading, blankLineSeconds * 1000, endIfBlank);
    };
    onLate(() => settle(reader.late()));
    input.receive({
      onBytes(bytes) {
        const result = reader.feed(bytes);
        if (result) settle(result);
        else waitAfterBlankLine();
      },
      onEnd: end,
    });
  });
}

/** The timeout of a scrape of Prometheus, in seconds. */
function scrapeTimeoutIn(fields: readonly (readonly [string, string])[]): number | undefined {
  const [, text] = fields.find(([name]) => name === 'x-prometheus-scrape-timeout-seconds') ?? [];
  return /^\s*\d{1,6}(\.\d{1,9})?\s*$/.test(text ?? '') ? Number(text) : undefined;
}
