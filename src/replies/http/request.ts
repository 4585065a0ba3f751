import type { Asker } from '../../reply.ts';

/** A request that is answered. */
export interface Request {
  readonly method: string;
  /** As in its line: a path, `*` or a whole URI. */
  readonly target: string;
  /** The value of its Accept fields; undefined without one. */
  readonly accept?: string;
}

/** What became of one request. `method` is undefined while its line is not read. */
export type Verdict =
  | ({ readonly kind: 'request' } & Request)
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly method?: string };

/** RFC 9110 sections 15.5.1, 15.5.6 and 15.5.9, RFC 6585 section 5. */
export type RefusalCode = 400 | 405 | 408 | 431;

/** The methods that are answered. */
export const methods = ['GET', 'HEAD', 'OPTIONS'] as const;

/** The longest head: bytes with the blank line, lines without it. */
const longestHead = 8192;
const mostLines = 100;

/** RFC 9112 sections 3 and 5; a field line has no bare CR, NUL or other control character. */
const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~\x80-\xff]+) HTTP\/1\.\d$/;
const fieldLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*$/;
const acceptLine = /^accept:(.*)$/i;

/** Reads one head (RFC 9112 section 2), fed as it arrives. */
export interface RequestReader {
  /** Takes bytes in any portion. The verdict, once there is one, depends on the bytes alone. */
  feed(bytes: Buffer): Verdict | undefined;
  /** The asker will send no more: a head without its blank line is taken as it is. */
  end(): Verdict;
  /** The head did not come in time. */
  late(): Verdict;
}

/** A reader for one request. */
export function requestReader(): RequestReader {
  let length = 0;
  let lines = 0;
  let unfinished = '';
  let method: string | undefined;
  let target = '/';
  const accepts: string[] = [];

  const refuse = (code: RefusalCode): Verdict =>
    method === undefined ? { kind: 'refused', code } : { kind: 'refused', code, method };
  const complete = (): Verdict => {
    const asked = method ?? 'GET';
    if (!methods.some((known) => known === asked)) return refuse(405);
    const accept = accepts.length > 0 ? { accept: accepts.join(',') } : {};
    return { kind: 'request', method: asked, target, ...accept };
  };
  const takeRequestLine = (line: string): Verdict | undefined => {
    [, method, target = '/'] = requestLine.exec(line) ?? [];
    return method === undefined ? refuse(400) : undefined;
  };
  const takeField = (line: string): Verdict | undefined => {
    const [, accept] = acceptLine.exec(line) ?? [];
    if (accept !== undefined) accepts.push(accept);
    return fieldLine.test(line) ? undefined : refuse(400);
  };
  const takeLine = (text: string): Verdict | undefined => {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '') return complete();
    lines += 1;
    if (lines > mostLines) return refuse(431);
    return lines === 1 ? takeRequestLine(line) : takeField(line);
  };

  return {
    feed(bytes) {
      const taken = bytes.subarray(0, longestHead - length);
      length += taken.length;
      const parts = (unfinished + taken.toString('latin1')).split('\n');
      unfinished = parts.pop() ?? '';
      for (const line of parts) {
        const verdict = takeLine(line);
        if (verdict) return verdict;
      }
      return length === longestHead ? refuse(431) : undefined;
    },
    end() {
      return (unfinished === '' ? undefined : takeLine(unfinished)) ?? complete();
    },
    late: () => refuse(408),
  };
}

/** Reads a request's head until `signal` aborts. Input that fails is input that ended. */
export function readRequest(asker: Asker, signal: AbortSignal): Promise<Verdict> {
  return new Promise((resolve) => {
    const reader = requestReader();
    const early = reader.feed(asker.arrived());
    if (early) return resolve(early);
    const input = asker.input();
    const settle = (verdict: Verdict) => {
      signal.removeEventListener('abort', late);
      input.off('data', take).off('end', end).off('error', end).off('close', end);
      resolve(verdict);
    };
    const take = (bytes: Buffer) => {
      const verdict = reader.feed(bytes);
      if (verdict) settle(verdict);
    };
    const end = () => settle(reader.end());
    const late = () => settle(reader.late());
    signal.addEventListener('abort', late, { once: true });
    input.on('data', take).on('end', end).on('error', end).on('close', end);
  });
}
