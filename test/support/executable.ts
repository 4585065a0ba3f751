import { execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** True when the tests drive the native executable; test/vitest.config.mts runs each with both. */
export const isNative = process.env.LBCHECK_TESTED === 'native';

/** The built executable, one of the two that are shipped. */
export const executable = resolve(
  import.meta.dirname,
  '../../dist',
  isNative ? 'lbcheck-linux-x64' : 'lbcheck',
);

/** Starts it when PATH has no node, though the first line of the bundle needs one there. */
export const [launcher, ...launched]: readonly [string, ...string[]] = isNative
  ? [executable]
  : [process.execPath, executable];

/** How one run of a program ended. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Start {
  readonly command?: string;
  /** What stdin holds before its end; undefined leaves it open and silent. */
  readonly input?: string | Buffer | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** The least that the executable needs of its environment. */
export const environment = { PATH: process.env.PATH ?? '' };

/** Runs the executable with a pipe for stdin, and waits for its end. */
export function lbcheck(args: readonly string[], start: Start = { input: '' }): Promise<Ending> {
  const { command = executable, env = environment, cwd } = start;
  return new Promise((ended, failed) => {
    const child = spawn(command, args, { env, ...(cwd !== undefined && { cwd }) });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text) => {
        texts[name] += text;
      });
    }
    // A program that has answered need not read on.
    child.stdin.on('error', () => {});
    if ('input' in start) child.stdin.end(start.input);
    child.on('error', failed).on('close', (code) => ended({ code, ...texts }));
  });
}

/** The installer of both executables. */
export const installer = resolve(import.meta.dirname, '../../scripts/install');

/** Runs scripts/install for the executable, with these arguments; returns its output. */
export function install(...args: readonly string[]): string {
  const all = isNative ? ['--native', ...args] : args;
  return execFileSync(installer, all, { encoding: 'utf8' });
}

/** One HTTP response, taken apart. */
export interface Response {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads one whole response; throws unless it is well-formed and its length is exact. */
export function parseResponse(text: string, isHead = false): Response {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3}) [A-Z][A-Za-z ]+$/.exec(statusLine) ?? [];
  const fields = Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([A-Za-z-]+): (.+)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`bad field line: ${line}`);
      return [name.toLowerCase(), value];
    }),
  );
  const length = isHead ? Number(fields['content-length']) : Buffer.byteLength(body);
  if (status === undefined || fields['content-length'] !== String(length)) {
    throw new Error(`not one whole response: ${JSON.stringify(text)}`);
  }
  return { status: Number(status), fields, body };
}
