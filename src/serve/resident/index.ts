import { setFlagsFromString } from 'node:v8';
import type { ListenAddress } from '../../options/listen-address.ts';
import type { Session } from '../session.ts';
import { openConnections } from './connections.ts';
import { idleTimer } from './idle.ts';
import { listen } from './listen.ts';
import { watchForEnd } from './watch.ts';

/** Where a resident listens, and for how long. */
export interface ListenOptions {
  readonly address: ListenAddress;
  /** On a socket that was handed over: it leaves when nobody asked for so many seconds. */
  readonly idleExit: number;
}

/** What the owner of a resident is told, and may do. */
export interface ResidentEvents {
  /** Called for SIGHUP, which ends a resident without it. */
  readonly reload?: (() => void) | undefined;
  /** Called once it listens, with the addresses as the system gives them: `[::]:8088`. */
  readonly onListening?: (addresses: readonly string[]) => void;
}

/** When it leaves, no client is waited for longer than so many seconds. */
const lastWaitSeconds = 1;

/** V8 takes more memory than it needs unless told: both generations of a resident's heap stay small. */
const smallHeap = ['--semi-space-growth-factor=1', '--heap-growing-percent=20'];

/**
 * Serves many clients on a listening socket, until SIGTERM, SIGINT, SIGHUP, idleness or the end of its
 * superserver. Then it stops accepting, finishes what it accepted and resolves: the next connection
 * waits in the kernel's queue for whoever holds the socket. Rejects when it cannot listen. With
 * `reload`, SIGHUP calls that instead.
 */
export async function serveResident(
  session: Session,
  { address, idleExit }: ListenOptions,
  { reload, onListening }: ResidentEvents = {},
): Promise<void> {
  process.on('uncaughtException', () => {});
  for (const flag of smallHeap) setFlagsFromString(flag);

  const end = watchForEnd(address, reload);
  const idle = idleTimer(address.kind === 'port' ? undefined : idleExit, end.now);
  let onNone = idle.start;
  const connections = openConnections({ session, onFirst: idle.stop, onNone: () => onNone() });
  try {
    const listeners = await listen(address, connections.accept);
    onListening?.(listeners.addresses());
    if (connections.count() === 0) idle.start();
    await end.wanted;
    await listeners.close();
    const waits = setInterval(() => connections.endWaits(lastWaitSeconds), 100);
    await new Promise<void>((resolve) => {
      onNone = resolve;
      if (connections.count() === 0) resolve();
    }).finally(() => clearInterval(waits));
  } finally {
    idle.stop();
    end.stopWatching();
  }
}
