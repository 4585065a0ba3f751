import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Both ends of one TCP connection, closed with the test. */
export interface Connection {
  readonly client: Socket;
  /** Our end, which may go on when the client has ended its side. */
  readonly ours: Socket;
}

export async function openConnection(): Promise<Connection> {
  const server = createServer({ allowHalfOpen: true });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const accepted = new Promise<Socket>((accept) => server.once('connection', accept));
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
  const ours = (await accepted).on('error', () => {});
  onTestFinished(() => {
    for (const socket of [client, ours]) socket.destroy();
    server.close();
  });
  return { client, ours };
}
