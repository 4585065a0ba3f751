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

/** Holds conversations with everybody who connects, within the limit of open files. */
export function openConnections({ converse, onFirst, onNone }: Events): Connections {
  const limit = Math.max(8, Math.min(most, openFiles() - reserve));
  const open = new Set<Socket>();
  /** Those whose request is not complete, the oldest first, each with what ends its hearing. */
  const unheard = new Map<Socket, () => void>();

  const makeRoom = () => {
    for (const [socket, endHearing] of unheard) {
      unheard.delete(socket);
      open.delete(socket);
      endHearing();
      // By then it has been told that it was too late.
      setImmediate(() => socket.destroySoon());
      return;
    }
    for (const socket of open) {
      open.delete(socket);
      socket.destroy();
      return;
    }
  };

  return {
    accept(socket) {
      if (open.size >= limit) makeRoom();
      open.add(socket);
      if (open.size === 1) onFirst();
      socket.on('error', () => {});
      socket.on('close', () => {
        unheard.delete(socket);
        open.delete(socket);
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
