import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type Inbox, openInbox } from './inbox.ts';
import type { OpenInput, StreamSocket } from './stream.ts';

/** The inbox of a stream, which it fills from now on. Errors of the stream are its end. */
export function inboxOf(stream: Readable): Inbox {
  const inbox = openInbox({ pause: () => stream.pause(), resume: () => stream.resume() });
  stream
    .on('data', inbox.take)
    .on('end', inbox.end)
    .on('error', () => {})
    .on('close', inbox.end);
  return inbox;
}

/** A socket of Node, which was opened with `allowHalfOpen`. */
export function streamSocket(socket: Socket): StreamSocket {
  return {
    ...inboxOf(socket),
    end(text, onDone) {
      socket.once('close', onDone).end(text, onDone);
      if (socket.destroyed) onDone();
    },
    isClosed: () => socket.destroyed,
    close: () => void socket.destroy(),
    closeSoon: () => socket.destroySoon(),
    onClose: (act) => void socket.once('close', act),
  };
}

/** Opens the stream socket that a descriptor is; undefined for anything else. */
export function openSocket(fd: number): StreamSocket | undefined {
  try {
    return streamSocket(new Socket({ fd, readable: true, writable: true, allowHalfOpen: true }));
  } catch {
    return undefined;
  }
}

/** On process.stdin. */
export function openStdin(): OpenInput {
  return { ...inboxOf(process.stdin), close: () => void process.stdin.destroy() };
}
