import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { StdinKind } from '../system/standard-streams.ts';
import { writeStdout } from '../system/standard-streams.ts';
import type { Session } from './session.ts';

/**
 * Serves one client on stdin and stdout, whatever they are; resolves to the exit code. Rejects when the
 * answer cannot be written. Nothing is printed on stderr, whatever happens.
 */
export async function serveOneShot(session: Session, kind: StdinKind): Promise<number> {
  process.on('uncaughtException', ignore);
  if (kind !== 'socket') return serveOnStreams(session);
  // Loaded late, since it loads node:net.
  const { openSocket } = await import('../system/socket.ts');
  const socket = openSocket(0);
  // A socket of datagrams carries no request.
  if (!socket) return serveOnStreams(session);
  const { connectionOn } = await import('./socket-connection.ts');
  socket.on('error', ignore);
  try {
    return await session(connectionOn(socket));
  } finally {
    socket.destroy();
  }
}

async function serveOnStreams(session: Session): Promise<number> {
  const open = await stdinOpener();
  let stdin: Readable | undefined;
  const input = () => {
    stdin ??= open().on('error', ignore);
    return stdin;
  };
  try {
    return await session({ input, arrived: readArrived, send: writeStdout, isSocket: false });
  } finally {
    stdin?.destroy();
  }
}

/** How stdin is opened as a stream, once it is needed. */
async function stdinOpener(): Promise<() => Readable> {
  const stdin = fstatSync(0);
  if (stdin.isSocket()) {
    const { openSocket } = await import('../system/socket.ts');
    return () => openSocket(0) ?? process.stdin;
  }
  // What never keeps its reader waiting is a file to Node too; to Bun a directory would be an exception.
  const canWait = stdin.isFIFO() || stdin.isCharacterDevice();
  return () => (canWait ? process.stdin : createReadStream('', { fd: 0 }));
}

/**
 * What a pipe holds by now: opening fd 0 as a stream takes longer than the whole request needs.
 * Never waits, since the pipe is opened anew, non-blocking. Empty for anything else, and for a
 * pipe that cannot be opened: no /proc, or the pipe of another user.
 */
function readArrived(): Buffer {
  if (!fstatSync(0).isFIFO()) return Buffer.alloc(0);
  let pipe: number | undefined;
  try {
    pipe = openSync('/proc/self/fd/0', constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(8192);
    return bytes.subarray(0, readSync(pipe, bytes));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

/** A client that goes away is no failure of ours. */
function ignore(): void {}
