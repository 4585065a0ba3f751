import { setFlagsFromString } from 'node:v8';
import type { Peer } from '../../conversation.ts';
import type { Status } from '../../outcome.ts';
import { openConnections } from './connections.ts';
import { listen } from './listen.ts';
import type { Where } from './where.ts';

/** Where a resident stands, and for how long. */
export interface Residence {
  readonly where: Where;
  /** On a socket that was handed over: it leaves when nobody asked for so many seconds. */
  readonly idleExit: number;
}

/** The superserver that started it is looked for so often, in seconds. */
const parentInterval = 0.02;

/** When it leaves, a request that has begun has so many seconds to be completed. */
const lastCall = 1;

/** V8 takes more memory than it needs unless told: both generations of a resident's heap stay small. */
const smallHeap = ['--semi-space-growth-factor=1', '--heap-growing-percent=20'];

/**
 * Many askers on a listening socket, until SIGTERM, SIGINT, idleness or the end of its superserver.
 * Then it stops accepting, finishes what it accepted and resolves: the next connection waits in the
 * kernel's queue for whoever holds the socket. Rejects when it cannot listen.
 */
export async function resident(
  converse: (peer: Peer) => Promise<Status>,
  { where, idleExit }: Residence,
): Promise<void> {
  process.on('uncaughtException', () => {});
  for (const flag of smallHeap) setFlagsFromString(flag);

  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  let idle: NodeJS.Timeout | undefined;
  let onNone = () => {
    clearTimeout(idle);
    idle = where.kind === 'own' ? undefined : setTimeout(leave, idleExit * 1000);
  };
  const connections = openConnections({
    converse,
    onFirst: () => clearTimeout(idle),
    onNone: () => onNone(),
  });
  const stopWatching = watch(where, leave);
  try {
    const listeners = await listen(where, connections.accept);
    if (connections.count() === 0) onNone();
    await left;
    // Nobody else would answer what waits in the queue of a port of our own.
    if (where.kind === 'own') await aLook();
    listeners.close();
    await new Promise<void>((none) => {
      onNone = none;
      if (connections.count() === 0) none();
      else setTimeout(connections.hurry, lastCall * 1000).unref();
    });
  } finally {
    clearTimeout(idle);
    stopWatching();
  }
}

/** The event loop takes what has come by now; Bun does so between an immediate and its own. */
const aLook = () => new Promise<void>((over) => setImmediate(() => setImmediate(over)));

/**
 * Calls `leave` for a signal to end, and, under inetd, at the end of the superserver. To the last, for
 * a signal that nobody listens for ends the process, and with it the checks that are under way.
 */
function watch(where: Where, leave: () => void): () => void {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  for (const signal of signals) process.on(signal, leave);
  // xinetd does not tell its servers when it ends; one that stayed would keep the port from the next.
  const parent = process.ppid;
  const isOrphaned = () => process.ppid !== parent;
  const look =
    where.kind === 'inetd'
      ? setInterval(() => isOrphaned() && leave(), parentInterval * 1000)
      : undefined;
  return () => {
    clearInterval(look);
    for (const signal of signals) process.off(signal, leave);
  };
}
