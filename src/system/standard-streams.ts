import { existsSync, fstatSync, readFileSync, readSync, type Stats, writeSync } from 'node:fs';

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
 * Writes on stdout as process.stdout does for pipes and files, which takes longer to open than to use.
 * Rejects when it cannot be written, for example on a full disk; a reader that has gone is not an error.
 */
export async function writeStdout(text: string): Promise<void> {
  let rest: Uint8Array = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return writeWhenReady(rest);
    if (!isGone(code)) throw error;
  }
}

/** For a full pipe that does not block: waits for its reader, as a blocking pipe does. */
function writeWhenReady(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      isGone(error.code ?? '') ? resolve() : reject(error);
    process.stdout.on('error', fail).end(bytes, () => resolve());
  });
}

const isGone = (code: string) => code === 'EPIPE' || code === 'ECONNRESET';
