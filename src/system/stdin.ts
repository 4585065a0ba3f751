import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { type Inbox, openInbox, type Receiver } from './sockets/inbox.ts';
import { type OpenInput, openSocket, openStdinStream } from './sockets/stream.ts';
import { isNullDevice, openPipe } from './standard-streams.ts';

/**
 * Stdin, whatever it is. What is there is read at once; a stream, which takes longer to open than a
 * request needs, is opened only to wait for the rest.
 */
export function openStdin(): OpenInput {
  let stream: OpenInput | undefined;
  let isWaiting = false;
  let isClosed = false;
  const inbox = openInbox({
    pause: () => stream?.receive(undefined),
    resume: () => stream?.receive(toInbox),
  });
  const toInbox: Receiver = { onBytes: inbox.take, onEnd: inbox.end };
  const wait = async () => {
    isWaiting = true;
    try {
      stream = (fstatSync(0).isSocket() && (await openSocket(0))) || (await openStdinStream());
      stream.receive(toInbox);
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
 * The next bytes; none at the end, and if it cannot be read at all. Undefined if that would have to
 * wait: the input is a socket or a terminal, or a pipe that is empty or cannot be opened anew.
 */
function readNow(): Buffer | undefined {
  const stdin = fstatSync(0);
  const mayWait = stdin.isSocket() || (stdin.isCharacterDevice() && !isNullDevice(stdin));
  const pipe = openPipe(0, constants.O_RDONLY);
  if (mayWait || (stdin.isFIFO() && pipe === undefined)) return undefined;
  const bytes = Buffer.alloc(8192);
  try {
    return bytes.subarray(0, readSync(pipe ?? 0, bytes));
  } catch {
    return pipe === undefined ? bytes.subarray(0, 0) : undefined;
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}
