import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Inbox, type Input, openInbox } from './sockets/inbox.ts';
import { openSocket } from './sockets/stream.ts';
import { isNullDevice } from './standard-streams.ts';

/** Stdin as bytes that come in. */
export interface Stdin extends Input {
  close(): void;
}

/** Stdin as a stream, which tells when something comes. */
export interface StdinStream {
  pause(): void;
  resume(): void;
  close(): void;
}

/**
 * Stdin, whatever it is. What is there is read at once; a stream, which takes longer to open than a
 * request needs, is opened only to wait for the rest.
 */
export function openStdin(): Stdin {
  let stream: StdinStream | undefined;
  let isWaiting = false;
  let isClosed = false;
  const inbox = openInbox({ pause: () => stream?.pause(), resume: () => stream?.resume() });
  const wait = async () => {
    isWaiting = true;
    try {
      stream = await openStream(inbox);
    } catch {
      inbox.end();
    }
    if (isClosed) stream?.close();
  };
  return {
    receive(receiver) {
      inbox.receive(receiver);
      if (!isWaiting && takeWhatIsThere(inbox) === 'wait') wait();
    },
    putBack: inbox.putBack,
    close() {
      isClosed = true;
      stream?.close();
    },
  };
}

/** Reads while a receiver wants more. Returns `wait` when it wants more than is there. */
function takeWhatIsThere(inbox: Inbox): 'wait' | 'done' {
  while (inbox.isWanted() && !inbox.hasEnded()) {
    const bytes = readNow();
    if (bytes === undefined) return 'wait';
    if (bytes.length > 0) inbox.take(bytes);
    else inbox.end();
  }
  return 'done';
}

/**
 * The next bytes; none at the end, and when it cannot be read at all. Undefined if that would have to
 * wait: the input is a socket or a terminal, or a pipe that is empty or cannot be opened anew.
 */
function readNow(): Buffer | undefined {
  const bytes = Buffer.alloc(8192);
  const stdin = fstatSync(0);
  if (stdin.isSocket()) return undefined;
  if (stdin.isFIFO()) return readPipe(bytes);
  if (stdin.isCharacterDevice() && !isNullDevice(stdin)) return undefined;
  try {
    return bytes.subarray(0, readSync(0, bytes));
  } catch {
    return bytes.subarray(0, 0);
  }
}

/** Never waits, since the pipe is opened anew, non-blocking. */
function readPipe(bytes: Buffer): Buffer | undefined {
  let pipe: number | undefined;
  try {
    pipe = openSync('/proc/self/fd/0', constants.O_RDONLY | constants.O_NONBLOCK);
    return bytes.subarray(0, readSync(pipe, bytes));
  } catch {
    return undefined;
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}

async function openStream(inbox: Inbox): Promise<StdinStream> {
  const socket = fstatSync(0).isSocket() ? await openSocket(0) : undefined;
  if (socket) {
    const resume = () => socket.receive({ onBytes: inbox.take, onEnd: inbox.end });
    resume();
    return { resume, pause: () => socket.receive(undefined), close: () => socket.close() };
  }
  // The builds know the condition, and leave the other branch out.
  const { openStdinStream } =
    process.versions.bun === undefined
      ? await import('./stdin-node.ts')
      : await import('./stdin-bun.ts');
  return openStdinStream(inbox);
}
