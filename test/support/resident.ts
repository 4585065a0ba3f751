import { readdirSync, readFileSync } from 'node:fs';
import type { CleanUp } from './clean-up.ts';
import { executable, parseResponse } from './executable.ts';
import { freePort, type Program, start, until } from './programs.ts';
import { exchange, isListening, startXinetd } from './xinetd.ts';

/** A resident on its own port. `launcher` is a command that starts it, such as prlimit. */
export async function startResident(
  cleanUp: CleanUp,
  [probe = '', ...args]: readonly string[],
  launcher: readonly string[] = [],
  program = executable,
): Promise<Program & { readonly port: number }> {
  const port = await freePort();
  const listening = [probe, '--listen', `127.0.0.1:${port}`, ...args];
  const [command = program, ...rest] = [...launcher, program, ...listening];
  const resident = await start(cleanUp, command, rest);
  await until('the resident listens', async () => {
    if (resident.hasEnded()) throw new Error(resident.output());
    return isListening(port);
  });
  return { ...resident, port };
}

/** The shipped service of xinetd with other arguments for lbcheck. */
export async function startUnderXinetd(cleanUp: CleanUp, args: readonly string[]) {
  const all = [...args, '--listen', 'inetd'].join(' ');
  const xinetd = await startXinetd(cleanUp, all, {}, 'lbcheck-rbl-resident');
  return { ...xinetd, resident: () => childOf(xinetd.pid) };
}

/**
 * Runs its arguments as a command again and again on the sockets that it got, as systemd does after a
 * clean exit.
 */
const again = `
trap 'kill $child; wait $child; exit' TERM
while :; do
  sh -c 'LISTEN_PID=$$ exec "$@"' sh "$@" & child=$!
  wait $child || exit
done`;

/** Under systemd-socket-activate(1), which itself ends with the program that it starts. */
export async function startUnderSystemd(cleanUp: CleanUp, args: readonly string[]) {
  const port = await freePort();
  const program = await start(cleanUp, 'systemd-socket-activate', [
    ...['-l', `127.0.0.1:${port}`, '-E', 'PATH', 'sh', '-c', again, 'sh'],
    ...[executable, ...args, '--listen', 'systemd'],
  ]);
  await until('systemd-socket-activate listens', () => isListening(port));
  return { ...program, port, resident: () => childOf(program.pid) };
}

/** The process that answers for a superserver, or 0 while there is none. */
export function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
}

/** How many descriptors a process has open. */
export function descriptors(pid: number): number {
  return openIn(pid).length;
}

/** The limit of open files (RLIMIT_NOFILE) under which a process can open one more, and no second. */
export function limitForOneMore(pid: number): number {
  const open = new Set(openIn(pid));
  const [, second = 0] = Array.from({ length: open.size + 2 }, (_unused, fd) => String(fd))
    .filter((fd) => !open.has(fd))
    .map(Number);
  return second;
}

const openIn = (pid: number) => readdirSync(`/proc/${pid}/fd`);

/** The largest resident size that a process has had, in megabytes. */
export function peakSize(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

export const get = 'GET / HTTP/1.1\r\n\r\n';

/** Asks once, and reads to the end of file; throws after an error. */
export async function ask(port: number, request = get) {
  const { text, error } = await exchange(port, [request]);
  if (error !== undefined) throw new Error(`${error} after ${JSON.stringify(text)}`);
  return parseResponse(text, request.startsWith('HEAD'));
}

/** How many clients were answered 200, and what each of the others got. */
export interface Results {
  answered: number;
  readonly lost: string[];
}

/** Runs `lanes` clients at a time, and starts the next one after each, while `mayContinue` is true. */
export async function askRepeatedly(
  port: number,
  lanes: number,
  results: Results,
  mayContinue: () => boolean,
): Promise<void> {
  const lane = async () => {
    while (mayContinue()) {
      const { text, error } = await exchange(port, [get]);
      if (error === undefined && text.startsWith('HTTP/1.1 200 ')) results.answered += 1;
      else results.lost.push(`${error}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
