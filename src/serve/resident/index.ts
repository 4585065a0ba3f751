import { setFlagsFromString } from 'node:v8';
import type { ListenAddress } from '../../options/listen-address.ts';
import type { Session } from '../session.ts';
import { openConnections } from './connections.ts';
import { listen } from './listen.ts';

/** Where a resident listens, and for how long. */
export interface ListenOptions {
  readonly address: ListenAddress;
  /** On a socket that was handed over: it leaves when nobody asked for so many seconds. */
  readonly idleExit: number;
}

/** How often it looks whether the superserver that started it still runs, in seconds. */
const parentCheckSeconds = 0.02;

/** When it leaves, a request that has begun must be complete within so many seconds. */
const lastRequestSeconds = 1;

/** V8 takes more memory than it needs unless told: both generations of a resident's heap stay small. */
const smallHeap = ['--semi-space-growth-factor=1', '--heap-growing-percent=20'];

/**
 * Many clients on a listening socket, until SIGTERM, SIGINT, idleness or the end of its superserver.
 * Then it stops accepting, finishes what it accepted and resolves: the next connection waits in the
 * kernel's queue for whoever holds the socket. Rejects when it cannot listen.
 */
export async function serveResident(
  session: Session,
  { address, idleExit }: ListenOptions,
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
    idle = address.kind === 'port' ? undefined : setTimeout(leave, idleExit * 1000);
  };
  const connections = openConnections({
    session,
    onFirst: () => clearTimeout(idle),
    onNone: () => onNone(),
  });
  const stopWatching = watch(address, leave);
  try {
    const listeners = await listen(address, connections.accept);
    if (connections.count() === 0) onNone();
    await left;
    // Nobody else would answer what waits in the queue of a port that we opened.
    if (address.kind === 'port') await oneTurn();
    listeners.close();
    await new Promise<void>((none) => {
      onNone = none;
      if (connections.count() === 0) none();
      else setTimeout(connections.endReading, lastRequestSeconds * 1000).unref();
    });
  } finally {
    clearTimeout(idle);
    stopWatching();
  }
}

/** The event loop takes what has come by now; Bun does so between an immediate and its own. */
const oneTurn = () => new Promise<void>((done) => setImmediate(() => setImmediate(done)));

/**
 * Calls `leave` for a signal to end, and, under inetd, at the end of the superserver. To the last, for
 * a signal that nobody listens for ends the process, and with it the checks that are under way.
 */
function watch(address: ListenAddress, leave: () => void): () => void {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  for (const signal of signals) process.on(signal, leave);
  // xinetd does not tell its servers when it ends; one that stayed would keep the port from the next.
  const parent = process.ppid;
  const isOrphaned = () => process.ppid !== parent;
  const look =
    address.kind === 'inetd'
      ? setInterval(() => isOrphaned() && leave(), parentCheckSeconds * 1000)
      : undefined;
  return () => {
    clearInterval(look);
    for (const signal of signals) process.off(signal, leave);
  };
}
