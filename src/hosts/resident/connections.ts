import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Peer } from '../../conversation.ts';
import type { Status } from '../../outcome.ts';

/** The open connections of a resident. */
export interface Connections {
  /** Takes a new one; where there is no room for it, the longest unfinished one goes. */
  readonly accept: (socket: Socket) => void;
  /** Ends the hearing of all whose request is not complete. */
  readonly hurry: () => void;
  readonly count: () => number;
}

/** What happens with the connections: the conversation on one, and the first and last of them. */
interface Events {
  readonly converse: (peer: Peer) => Promise<Status>;
  readonly onFirst: () => void;
  readonly onNone: () => void;
}

/** How many connections may be open at once, */
const most = 512;
/** with so many descriptors left for the probe and for Node itself. */
const reserve = 48;

/**
 * Many may come at once, and a runtime may take them all before it reads from any: so many seconds
 * nobody goes for lack of room, unless descriptors are short.
 */
const arrival = 0.1;

/** Holds conversations with everybody who connects, within the limit of open files. */
export function openConnections({ converse, onFirst, onNone }: Events): Connections {
  const room = Math.max(8, openFiles() - reserve);
  const limit = Math.min(most, room);
  /** The oldest first, each with when it came. */
  const open = new Map<Socket, number>();
  /** Those whose request is not complete, the oldest first, each with what ends its hearing. */
  const unheard = new Map<Socket, () => void>();
  let dismissal: NodeJS.Timeout | undefined;

  const forget = (socket: Socket) => {
    open.delete(socket);
    unheard.delete(socket);
  };
  /** The silent before those who have asked, if it came by then. */
  const dismissLongest = (by: number) => {
    const longest = first(unheard.keys()) ?? first(open.keys());
    if (!longest || (open.get(longest) ?? 0) > by) return false;
    unheard.get(longest)?.();
    forget(longest);
    // By then it has been told that it was too late, if its request was not complete.
    setImmediate(() => longest.destroySoon());
    return true;
  };
  const dismissTooMany = () => {
    dismissal = undefined;
    const by = performance.now() - arrival * 1000;
    while (open.size > limit && dismissLongest(by));
    watchRoom();
  };
  const watchRoom = () => {
    if (open.size <= limit || dismissal) return;
    dismissal = setTimeout(afterALook, (arrival * 1000) / 2, dismissTooMany).unref();
  };

  return {
    accept(socket) {
      const now = performance.now();
      if (open.size >= room) dismissLongest(now);
      open.set(socket, now);
      if (open.size === 1) onFirst();
      watchRoom();
      socket.on('error', () => {});
      socket.on('close', () => {
        forget(socket);
        if (open.size === 0) onNone();
      });
      const onHearing = (end: (() => void) | undefined) => {
        if (end) unheard.set(socket, end);
        else unheard.delete(socket);
      };
      converse(peerOn(socket, onHearing)).finally(() => socket.destroy());
    },
    hurry() {
      for (const endHearing of unheard.values()) endHearing();
    },
    count: () => open.size,
  };
}

/**
 * Acts when the event loop has read what has come by now, for we may have been held up ourselves. Bun
 * looks between an immediate and its own immediate, and not before the first.
 */
const afterALook = (act: () => void) => setImmediate(() => setImmediate(act));

const first = <T>([head]: Iterable<T>): T | undefined => head;

function peerOn(socket: Socket, onHearing: NonNullable<Peer['onHearing']>): Peer {
  return {
    input: () => socket,
    arrived: () => Buffer.alloc(0),
    send: (text) => new Promise((sent) => socket.end(text, () => sent())),
    isSocket: true,
    onHearing,
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
