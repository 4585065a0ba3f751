import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Credentials } from './tls-certificates.ts';

/** How a connection looked from the server's side. */
export interface Seen {
  /** Every byte of the client. */
  received: Buffer;
  /** How the client ended it, so far. */
  ended: 'open' | 'FIN' | 'RST';
  /** How long the connection lasted, once it is closed on both sides. */
  seconds: number | undefined;
}

/** A server on TCP that does what a test tells it. */
export interface Connection {
  readonly address: string;
  readonly port: number;
  /** Every connection that came, in its order. */
  readonly connections: readonly Seen[];
}

/** A server that does `behave` to each connection, until the test ends. */
export async function openPeer(behave: (socket: Socket) => void): Promise<Connection> {
  const connections: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const seen: Seen = { received: Buffer.alloc(0), ended: 'open', seconds: undefined };
    const start = performance.now();
    connections.push(seen);
    sockets.add(socket);
    socket.on('data', (bytes) => {
      seen.received = Buffer.concat([seen.received, bytes]);
    });
    socket.on('end', () => {
      seen.ended = 'FIN';
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Behind a FIN it only tells that nobody listens to the rest.
      if (error.code === 'ECONNRESET' && seen.ended === 'open') seen.ended = 'RST';
    });
    socket.on('close', () => {
      seen.seconds = (performance.now() - start) / 1000;
    });
    behave(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return { address: '127.0.0.1', port: portOf(server.address()), connections };
}

/** Stands before a server and sees what its clients do; takes nothing away, adds nothing. */
export function openRelay(server: { readonly port: number }): Promise<Connection> {
  return openPeer((socket) => {
    const upstream = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.pipe(upstream).pipe(socket);
    socket.on('close', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
}

/** A TLS server of Node, and what it saw. */
export interface NodeTlsServer {
  readonly address: string;
  readonly port: number;
  /** The server name of each connection whose handshake completed; false without one. */
  readonly servernames: readonly (string | false)[];
  /** How each of those ended: undefined as it should, else the error. */
  readonly endings: readonly (Error | undefined)[];
}

export async function openNodeTls(
  { cert, key }: Credentials,
  options: TlsOptions = {},
): Promise<NodeTlsServer> {
  const servernames: (string | false)[] = [];
  const endings: (Error | undefined)[] = [];
  const sockets = new Set<Socket>();
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  const server = createTlsServer({ ...pair, ...options }, (socket) => {
    sockets.add(socket);
    // Node's types do not say that it is false for a client without SNI.
    servernames.push((socket as { servername?: string | false }).servername || false);
    let failure: Error | undefined;
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => endings.push(failure));
    socket.resume();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return { address: '127.0.0.1', port: portOf(server.address()), servernames, endings };
}

function portOf(bound: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
