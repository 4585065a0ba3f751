import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Connection, Session } from '../session.ts';

/** The open connections of a resident. */
export interface Connections {
  /** Takes a new one; where there is no room for it, the one whose request is incomplete for longest goes. */
  readonly accept: (socket: Socket) => void;
  /** Ends the reading of all requests that are not complete. */
  readonly endReading: () => void;
  readonly count: () => number;
}

/** What happens with the connections: the session on each, and the first and the last of them. */
interface Events {
  readonly session: Session;
  readonly onFirst: () => void;
  readonly onNone: () => void;
}

/** How many connections may be open at once, */
const maxConnections = 512;
/** with so many descriptors left for the probe and for Node itself. */
const reservedDescriptors = 48;

/**
 * Many may come at once, and a runtime may take them all before it reads from any: so many seconds
 * nobody is dismissed, unless descriptors are short.
 */
const arrivalSeconds = 0.1;

/** Serves everybody who connects, within the limit of open files. */
export function openConnections({ session, onFirst, onNone }: Events): Connections {
  const descriptorLimit = Math.max(8, openFiles() - reservedDescriptors);
  const limit = Math.min(maxConnections, descriptorLimit);
  /** The oldest first, each with the time when it came. */
  const open = new Map<Socket, number>();
  /** Those whose request is not complete, the oldest first, each with what ends its reading. */
  const reading = new Map<Socket, () => void>();
  let dismissal: NodeJS.Timeout | undefined;

  const forget = (socket: Socket) => {
    open.delete(socket);
    reading.delete(socket);
  };
  /** The silent before those who have asked, if it came by then. */
  const dismissLongest = (by: number) => {
    const longest = first(reading.keys()) ?? first(open.keys());
    if (!longest || (open.get(longest) ?? 0) > by) return false;
    reading.get(longest)?.();
    forget(longest);
    // By then it has been told that it was too late, if its request was not complete.
    setImmediate(() => longest.destroySoon());
    return true;
  };
  const dismissTooMany = () => {
    dismissal = undefined;
    const by = performance.now() - arrivalSeconds * 1000;
    while (open.size > limit && dismissLongest(by));
    watchLimit();
  };
  const watchLimit = () => {
    if (open.size <= limit || dismissal) return;
    dismissal = setTimeout(afterReading, (arrivalSeconds * 1000) / 2, dismissTooMany).unref();
  };

  return {
    accept(socket) {
      const now = performance.now();
      if (open.size >= descriptorLimit) dismissLongest(now);
      open.set(socket, now);
      if (open.size === 1) onFirst();
      watchLimit();
      socket.on('error', () => {});
      socket.on('close', () => {
        forget(socket);
        if (open.size === 0) onNone();
      });
      const onReading = (end: (() => void) | undefined) => {
        if (end) reading.set(socket, end);
        else reading.delete(socket);
      };
      session(connectionOn(socket, onReading)).finally(() => socket.destroy());
    },
    endReading() {
      for (const end of reading.values()) end();
    },
    count: () => open.size,
  };
}

/**
 * Acts when the event loop has read what has come by now, for we may have been held up ourselves. Bun
 * looks between an immediate and its own immediate, and not before the first.
 */
const afterReading = (act: () => void) => setImmediate(() => setImmediate(act));

const first = <T>([head]: Iterable<T>): T | undefined => head;

function connectionOn(socket: Socket, onReading: NonNullable<Connection['onReading']>): Connection {
  return {
    input: () => socket,
    arrived: () => Buffer.alloc(0),
    send: (text) => new Promise((sent) => socket.end(text, () => sent())),
    isSocket: true,
    onReading,
  };
}

/** The soft limit of open files, which Node has raised to the hard one; infinite where /proc does not tell. */
function openFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
