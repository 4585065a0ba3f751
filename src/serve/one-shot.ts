import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Status } from '../check/outcome.ts';
import type { Session } from './session.ts';

/** One client on fds 0 and 1, whatever they are. Nothing is printed on stderr, whatever happens. */
export async function serveOneShot(session: Session): Promise<Status> {
  process.on('uncaughtException', ignore);
  const stdin = fstatSync(0);
  if (!stdin.isSocket()) return onStreams(session, openStdin);
  // Loaded late, since it loads node:net.
  const { openSocket } = await import('../system/socket.ts');
  // Under xinetd and its kind fds 0 and 1 are one socket; one that is no stream carries no request.
  const socket = stdin.ino === fstatSync(1).ino ? openSocket(0) : undefined;
  if (socket) return onSocket(session, socket);
  return onStreams(session, () => openSocket(0) ?? process.stdin);
}

/** The client may have closed its side before it is answered. */
async function onSocket(session: Session, socket: Socket): Promise<Status> {
  socket.on('error', ignore);
  try {
    return await session({
      input: () => socket,
      arrived: nothing,
      send: (text) => new Promise((sent) => socket.end(text, () => sent())),
      isSocket: true,
    });
  } finally {
    socket.destroy();
  }
}

async function onStreams(session: Session, open: () => Readable): Promise<Status> {
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

/** What cannot keep us waiting is a file to Node too; to Bun a directory would be an exception. */
function openStdin(): Readable {
  const stdin = fstatSync(0);
  const canWait = stdin.isFIFO() || stdin.isCharacterDevice();
  return canWait ? process.stdin : createReadStream('', { fd: 0 });
}

/**
 * What a pipe holds by now: opening fd 0 as a stream takes longer than the whole request needs.
 * Never waits, since the pipe is opened anew, non-blocking. Empty for anything else, and for a
 * pipe that cannot be opened: no /proc, or the pipe of another user.
 */
function readArrived(): Buffer {
  if (!fstatSync(0).isFIFO()) return nothing();
  let pipe: number | undefined;
  try {
    pipe = openSync('/proc/self/fd/0', constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(8192);
    return bytes.subarray(0, readSync(pipe, bytes));
  } catch {
    return nothing();
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

const nothing = () => Buffer.alloc(0);

/** Writes as process.stdout does for pipes and files, which takes longer to open than to use. */
async function writeStdout(text: string): Promise<void> {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    // A full pipe that does not block: its reader is waited for, as a pipe that blocks would do.
    await new Promise<void>((sent) => process.stdout.on('error', ignore).end(rest, () => sent()));
  }
}

/** A client that goes away is no failure of ours. */
function ignore(): void {}
