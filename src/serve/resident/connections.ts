import { readFileSync } from 'node:fs';
import { afterReading } from '../../system/event-loop.ts';
import type { StreamSocket } from '../../system/sockets/stream.ts';
import type { Session, Stage } from '../session.ts';
import { connectionOn } from '../socket-connection.ts';

/** The open connections of a resident. */
export interface Connections {
  /** Takes a new one, and makes room for it where there is none. */
  readonly accept: (socket: StreamSocket) => void;
  /** Ends the waits for clients that have lasted so long: for a request, and for an answer to be taken. */
  readonly endWaits: (seconds: number) => void;
  readonly count: () => number;
}

/** What happens with the connections: the session on each, and the first and the last of them. */
interface Events {
  readonly session: Session;
  readonly onFirst: () => void;
  readonly onNone: () => void;
}

/** How many connections may be open at once, except those that have only just come. */
const maxConnections = 512;

/** So many descriptors are left for the probe and for the runtime itself, */
const reservedDescriptors = 48;
/** and at least so many whoever comes. */
const lastDescriptors = 32;

/**
 * A client without an answer is dismissed only when it has waited for so many seconds: many may come at
 * once, and the runtime may accept them all before it reads from any.
 */
const sparedSeconds = 0.1;

/** Serves everybody who connects, within the limit of open files. */
export function openConnections({ session, onFirst, onNone }: Events): Connections {
  const files = maxOpenFiles();
  const limit = Math.max(8, Math.min(maxConnections, files - reservedDescriptors));
  /** Beyond this nobody is spared for having come just now. */
  const hardLimit = Math.max(limit, files - lastDescriptors);
  const open = clientsByStage();
  let check: NodeJS.Timeout | undefined;

  const dismissTooMany = () => {
    check = undefined;
    while (open.count() > limit && dismissNext(open, performance.now() - sparedSeconds * 1000));
    checkLater();
  };
  const checkLater = () => {
    if (open.count() <= limit || check) return;
    check = setTimeout(afterReading, (sparedSeconds * 1000) / 2, dismissTooMany).unref();
  };
  const makeRoom = () => {
    while (open.count() > limit && dismissAnswered(open));
    while (open.count() > hardLimit && dismissNext(open, performance.now()));
    checkLater();
  };

  return {
    accept(socket) {
      open.add(socket);
      if (open.count() === 1) onFirst();
      socket.onClose(() => {
        open.remove(socket);
        if (open.count() === 0) onNone();
      });
      const onStage = (stage: Stage) => open.move(socket, stage);
      session({ ...connectionOn(socket), onStage }).finally(socket.close);
      makeRoom();
    },
    endWaits(seconds) {
      const before = performance.now() - seconds * 1000;
      for (const { since, end } of open.reading.values()) if (since <= before) end();
      for (const [socket, since] of open.answered) if (since <= before) socket.close();
    },
    count: open.count,
  };
}

/** The clients at each stage, those first that came to it first. */
function clientsByStage() {
  const reading = new Map<StreamSocket, { readonly since: number; readonly end: () => void }>();
  const checking = new Map<StreamSocket, number>();
  const answered = new Map<StreamSocket, number>();
  const remove = (socket: StreamSocket) => {
    reading.delete(socket);
    checking.delete(socket);
    answered.delete(socket);
  };
  return {
    reading,
    checking,
    answered,
    count: () => reading.size + checking.size + answered.size,
    remove,
    add: (socket: StreamSocket) => void checking.set(socket, performance.now()),
    move(socket: StreamSocket, stage: Stage) {
      // One that was dismissed counts no more, though its session goes on for a moment.
      const isOpen = reading.has(socket) || checking.has(socket) || answered.has(socket);
      if (!isOpen) return;
      remove(socket);
      if (stage.kind === 'reading') reading.set(socket, { since: performance.now(), ...stage });
      else if (stage.kind === 'checking') checking.set(socket, performance.now());
      else answered.set(socket, performance.now());
    },
  };
}

type Clients = ReturnType<typeof clientsByStage>;

/** Whoever has an answer needs its connection least; what it has not taken of it is lost. */
function dismissAnswered(open: Clients): boolean {
  const [longest] = open.answered.keys();
  if (!longest) return false;
  open.remove(longest);
  longest.close();
  return true;
}

/**
 * Dismisses one client: an answered one, else the one that has been silent for longest, else, of those
 * whose check runs, one that has closed its side or the youngest. Those that have no answer are spared
 * when they came after `before`. Returns false when there is none.
 */
function dismissNext(open: Clients, before: number): boolean {
  if (dismissAnswered(open)) return true;
  const [silent] = open.reading;
  if (silent && silent[1].since <= before) {
    const [socket, { end }] = silent;
    end();
    open.remove(socket);
    // By then it has been told that it was too late. Nothing was sent before, so that there is room.
    setImmediate(socket.closeSoon);
    return true;
  }
  if (silent) return false;
  const waiting = [...open.checking].flatMap(([socket, since]) =>
    since <= before ? [socket] : [],
  );
  // Whoever has closed its side may have gone altogether.
  const last = waiting.find((socket) => socket.hasEnded()) ?? waiting.at(-1);
  if (!last) return false;
  open.remove(last);
  last.close();
  return true;
}

/** The soft limit of open files, which Node has raised to the hard one; infinite where /proc does not tell. */
function maxOpenFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
