import { closeSync, openSync } from 'node:fs';
import { endpoint } from '../../net/host-names.ts';
import type { ListenAddress } from '../../options/listen-address.ts';
import { afterReading } from '../../system/event-loop.ts';
import { type Listener, type ListenTarget, openListener } from '../../system/sockets/listener.ts';
import type { StreamSocket } from '../../system/sockets/stream.ts';

/** What a resident listens on. */
export interface Listeners {
  /** Stops accepting, and loses nobody who is connected by then. */
  close(): Promise<void>;
  /** Where it listens, such as `127.0.0.1:8088` or the path of a unix socket. */
  addresses(): readonly string[];
}

/** The first fd that systemd hands over (sd_listen_fds(3)). */
const firstSystemdFd = 3;

/**
 * Listens, and calls `accept` for each connection, whose two sides end separately. Rejects with an Error
 * whose message says why it cannot.
 */
export async function listen(
  address: ListenAddress,
  accept: (socket: StreamSocket) => void,
): Promise<Listeners> {
  const listeners: Listener[] = [];
  try {
    for (const target of listenTargets(address)) listeners.push(await open(target, accept));
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw new Error(`--listen ${inWords(address)}: ${(error as Error).message}`);
  }
  return {
    close: () => close(address, listeners),
    addresses: () => listeners.map(addressOf),
  };
}

function addressOf(listener: Listener): string {
  const bound = listener.address();
  if (typeof bound === 'string') return bound || 'its socket';
  return endpoint(bound.address, bound.port);
}

/** What is not accepted from a socket that was handed over waits for whoever holds it next. */
async function close(address: ListenAddress, listeners: readonly Listener[]): Promise<void> {
  // Nobody else would answer what waits in the queue of a port that we opened.
  if (address.kind === 'port') {
    const { refuseNewcomers } = await import('../../system/refuse-newcomers.ts');
    await Promise.all(listeners.map(({ fd }) => refuseNewcomers(fd)));
    await new Promise<void>(afterReading);
  }
  for (const listener of listeners) listener.close();
  // Node leaves 0 to 2 open when it closes their handles. Under xinetd all three are the socket,
  // and while anybody listens on it no other xinetd can bind its port.
  if (address.kind === 'inetd') [0, 1, 2].forEach(replaceByNull);
}

function listenTargets(address: ListenAddress): readonly ListenTarget[] {
  switch (address.kind) {
    case 'inetd':
      return [{ fd: 0 }];
    case 'systemd':
      return handedOver().map((fd) => ({ fd }));
    case 'port':
      return [{ port: address.port, ...(address.host !== undefined && { host: address.host }) }];
  }
}

function inWords(address: ListenAddress): string {
  switch (address.kind) {
    case 'inetd':
      return 'inetd: stdin is not the listening socket that xinetd gives with wait = yes';
    case 'systemd':
      return 'systemd';
    case 'port':
      return endpoint(address.host ?? '', address.port);
  }
}

/** The fds that systemd gave this process and none of its children (sd_listen_fds(3)). */
function handedOver(): readonly number[] {
  const { LISTEN_PID, LISTEN_FDS = '' } = process.env;
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete process.env[name];
  const count = /^\d{1,3}$/.test(LISTEN_FDS) ? Number(LISTEN_FDS) : 0;
  if (LISTEN_PID !== String(process.pid) || count === 0) {
    throw new Error('no socket was handed over: LISTEN_PID and LISTEN_FDS do not name one');
  }
  return Array.from({ length: count }, (_unused, index) => firstSystemdFd + index);
}

async function open(target: ListenTarget, accept: (socket: StreamSocket) => void) {
  const isAnyAddress = 'port' in target && target.host === undefined;
  try {
    return await openListener(target, accept);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A kernel without IPv6. Node listens on IPv4 by itself then, and Bun does not.
    if (!isAnyAddress || code === 'EADDRINUSE' || code === 'EACCES') throw error;
    return openListener({ ...target, host: '0.0.0.0' }, accept);
  }
}

/** Puts /dev/null in the place of a standard fd, so that no socket takes its number. */
function replaceByNull(fd: number): void {
  try {
    closeSync(fd);
  } catch {}
  try {
    openSync('/dev/null', 'r+');
  } catch {}
}
