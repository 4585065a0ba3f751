import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { secondsNow } from './clock.ts';

/**
 * What stdin is. `socket`: one client's connection, which stdout shares, as inetd hands it over; a socket
 * that stdout does not share is a `pipe`. `listening`: a socket that listens. `null`: /dev/null, which
 * the runtime also opens instead of a closed stdin.
 */
export type StdinKind = 'terminal' | 'null' | 'listening' | 'socket' | 'pipe' | 'file';

/** True for /dev/null, by its device number: null(4). */
export const isNullDevice = (device: Stats) => device.rdev === 0x103;

/** Tells what stdin is, without reading from it. */
export async function stdinKind(): Promise<StdinKind> {
  const stdin = fstatSync(0);
  if (stdin.isSocket()) return isListening(stdin) ? 'listening' : connectionKind(stdin);
  if (stdin.isFIFO()) return 'pipe';
  if (!stdin.isCharacterDevice()) return 'file';
  if (isNullDevice(stdin)) return 'null';
  // Loaded late: it takes longer than all of this.
  return (await import('node:tty')).isatty(0) ? 'terminal' : 'file';
}

const connectionKind = (stdin: Stats) => (isSameFile(stdin, statOf(1)) ? 'socket' : 'pipe');

/**
 * A write of no bytes fails on a socket that listens, and costs less than any other way to ask for its
 * state. It also fails when the client has already gone; the tables of proc(5) tell which.
 */
function isListening(socket: Stats): boolean {
  const error = errorOf(() => writeSync(0, new Uint8Array(0)));
  if (error === undefined) return false;
  if (!existsSync('/proc/net')) return isListeningBy(error, socket);
  return isIn('tcp', socket.ino) || isIn('tcp6', socket.ino) || isIn('unix', socket.ino);
}

/**
 * Tells it without /proc, by the error of that write. A read fails as well if the socket listens. From a
 * client that has gone it takes a byte, which is of no use if stdout has gone with it.
 */
function isListeningBy(error: string, socket: Stats): boolean {
  if (error !== 'EPIPE') return error === 'ENOTCONN';
  const isForAnswer = isSameFile(socket, statOf(1));
  return isForAnswer && errorOf(() => readSync(0, new Uint8Array(1))) === 'ENOTCONN';
}

/** The code with which a system call fails; undefined if it does not. */
function errorOf(call: () => void): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

/** How the tables of proc(5) below /proc/net show a socket that listens, with its inode. */
const listeningLine = {
  tcp: (inode: number) => new RegExp(`^\\s*\\d+: \\S+ \\S+ 0A (?:\\S+\\s+){5}${inode} `, 'm'),
  tcp6: (inode: number) => new RegExp(`^\\s*\\d+: \\S+ \\S+ 0A (?:\\S+\\s+){5}${inode} `, 'm'),
  unix: (inode: number) => new RegExp(`^\\S+ \\S+ \\S+ 00010000 \\S+ \\S+\\s+${inode}(?: |$)`, 'm'),
};

function isIn(table: keyof typeof listeningLine, inode: number): boolean {
  try {
    return listeningLine[table](inode).test(readFileSync(`/proc/net/${table}`, 'latin1'));
  } catch {
    return false;
  }
}

/** True when what is printed on stderr would reach the client: it is the socket of stdin or stdout. */
export function isStderrForClient(): boolean {
  const stderr = statOf(2);
  const isShared = isSameFile(stderr, statOf(0)) || isSameFile(stderr, statOf(1));
  return stderr === undefined || (stderr.isSocket() && isShared);
}

/** True when stdout and stderr are one file, such as a terminal: what is printed on both is shown twice. */
export function isStderrAlsoStdout(): boolean {
  return isSameFile(statOf(1), statOf(2));
}

const isSameFile = (a: Stats | undefined, b: Stats | undefined) =>
  a !== undefined && a.ino === b?.ino && a.dev === b.dev;

/** Undefined for a descriptor that is closed. */
function statOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

/** Prints on stderr, if it can be printed there. */
export function writeStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {}
}

/**
 * Opens the pipe that stdin or stdout is anew, so that it does not block. Undefined for anything else,
 * and for a pipe that cannot be opened: no /proc, the pipe of another user, or nobody at its other end.
 */
export function openPipe(fd: 0 | 1, access: number): number | undefined {
  try {
    if (!fstatSync(fd).isFIFO()) return undefined;
    return openSync(`/proc/self/fd/${fd}`, access | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** How long the reader of a full pipe may take nothing, in seconds. After that it loses the rest. */
const maxSilenceSeconds = 5;

/** How often a full pipe is tried again, in seconds. */
const retrySeconds = 0.01;

/**
 * Writes on stdout, without process.stdout, which takes longer to open than to use. Rejects when the
 * answer cannot be written, for example on a full disk, or when the reader of a full pipe takes nothing
 * more; a reader that has gone is not an error.
 */
export async function writeStdout(text: string): Promise<void> {
  const pipe = openPipe(1, constants.O_WRONLY);
  let rest: Uint8Array = Buffer.from(text);
  let lastTaken = secondsNow();
  try {
    while (rest.length > 0) {
      const taken = writeSome(pipe ?? 1, rest);
      rest = rest.subarray(taken);
      if (taken > 0) lastTaken = secondsNow();
      // After a try: if this process was stopped, its reader may have made room since.
      else if (secondsNow() - lastTaken > maxSilenceSeconds) throw takesNothing();
      else await new Promise((over) => setTimeout(over, retrySeconds * 1000));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE' && code !== 'ECONNRESET') throw error;
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

function takesNothing(): Error {
  const message = `ETIMEDOUT: the reader has taken nothing for ${maxSilenceSeconds} s`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}

/** Returns how many bytes the system took; none if there is no room for now. */
function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
