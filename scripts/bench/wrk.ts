import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** A load: connections that are open at the same time, each for one request, from one thread. */
export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

/** The usual one. */
export const load: Load = { connections: 16, seconds: 3 };

/** The result of one run of wrk(1). */
export interface Run {
  readonly perSecond: number;
  /** Milliseconds from the request, on an open connection, to the end of the response. */
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
  /** Connections that failed, were reset or cut off, or got no answer within 2 seconds. */
  readonly errors: number;
}

/** The server that is loaded, and a part of its expected body. */
interface Server {
  readonly name: string;
  readonly url: string;
  readonly expected: string;
}

/** Loads a URL. A status other than 2xx throws. */
export function wrk(url: string, under: Load = load): Run {
  return parseWrk(runWrk(under, [url]));
}

/** Loads a URL for a moment and checks every body. That is too slow for a measurement. */
export function verify(server: Server): void {
  const { requests, errors, output } = wrkChecked(server, { ...load, seconds: 2 });
  if (errors > 0 || requests === 0) {
    throw new Error(`${server.name} did not always answer '${server.expected}':\n${output}`);
  }
}

/** Loads a URL. Errors are also the answers with another body, or with another status than 2xx. */
export function wrkChecked({ url, expected }: Omit<Server, 'name'>, under: Load) {
  const script = resolve(import.meta.dirname, 'verify.lua');
  const output = runWrk(under, ['-s', script, url, '--', expected]);
  const wrong = Number(find(output, /^Wrong bodies: (\d+)$/m));
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0);
  const requests = Number(find(output, /(\d+) requests in/));
  return { requests, errors: socketErrors(output) + Math.max(wrong, refused), output };
}

function runWrk({ connections, seconds }: Load, args: readonly string[]): string {
  const shared = ['-t', '1', '-c', `${connections}`, '-d', `${seconds}s`, '--latency'];
  return execFileSync('wrk', [...shared, '-H', 'Connection: close', ...args], {
    encoding: 'utf8',
  });
}

/** Reads the output of wrk 4 with --latency. */
export function parseWrk(output: string): Run {
  const refused = /Non-2xx or 3xx responses: \d+/.exec(output)?.[0];
  if (refused !== undefined) throw new Error(refused);
  return {
    perSecond: Number(find(output, /Requests\/sec: +([\d.]+)/)),
    p50: milliseconds(find(output, /50% +([\d.]+[a-z]+)/)),
    p99: milliseconds(find(output, /99% +([\d.]+[a-z]+)/)),
    requests: Number(find(output, /(\d+) requests in/)),
    errors: socketErrors(output),
  };
}

function socketErrors(output: string): number {
  const failures = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/;
  const [, ...counts] = failures.exec(output) ?? [];
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

function find(output: string, pattern: RegExp): string {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`wrk did not print ${pattern}:\n${output}`);
  return found;
}

function milliseconds(text: string): number {
  const factors: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3 };
  return Number.parseFloat(text) * (factors[text.replace(/[\d.]+/, '')] ?? Number.NaN);
}
