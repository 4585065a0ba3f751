import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type SecureVersion } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Credentials } from './tls-certificates.ts';

/**
 * How a server leaves once its handshake is complete: in order; in order, and in one segment with its
 * last message; without close_notify; by a reset.
 */
export const endings = ['end', 'end-at-once', 'close', 'reset'] as const;

/** A TLS server that accepts each handshake, in TLS 1.3 with session tickets, and then leaves. */
export async function openEndingTls(
  { cert, key }: Credentials,
  version: SecureVersion,
  ending: (typeof endings)[number],
): Promise<{ address: string; port: number }> {
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  const server = createTlsServer(
    { ...pair, minVersion: version, maxVersion: version },
    (socket) => {
      socket.on('error', () => {}).resume();
      if (ending.startsWith('end')) socket.end();
    },
  );
  const sockets: Socket[] = [];
  // In front of it, where segments can be joined and connections be reset.
  const relay = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: portOf(server), host: '127.0.0.1', noDelay: true });
    for (const socket of [client, upstream]) sockets.push(socket.on('error', () => {}));
    client.pipe(upstream);
    passOn(upstream, client, ending);
  });
  for (const one of [server, relay]) {
    await new Promise<void>((listening) => one.listen(0, '127.0.0.1', listening));
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    for (const one of [server, relay]) one.close();
  });
  return { address: '127.0.0.1', port: portOf(relay) };
}

/** Passes on what a server says. Its second flight ends the handshake, and then comes the ending. */
function passOn(upstream: Socket, client: Socket, ending: (typeof endings)[number]): void {
  let flights = 0;
  const held: Buffer[] = [];
  upstream.on('data', (chunk) => {
    flights += 1;
    if (flights > 1 && ending === 'end-at-once') {
      held.push(chunk);
      return;
    }
    client.write(chunk);
    if (flights === 2 && ending === 'reset') setImmediate(() => client.resetAndDestroy());
    if (flights === 2 && ending === 'close') client.end();
  });
  upstream.on('end', () => client.end(Buffer.concat(held)));
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
