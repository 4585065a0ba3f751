import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { bindBoth } from './dns-server.ts';

/**
 * Bad targets: one where nothing listens; one that accepts everything and stays silent; one that sends
 * bytes of no protocol; one that closes at once.
 */
export const targetKinds = ['refusing', 'silent', 'garbage', 'closing'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** One port of loopback, UDP and TCP. */
export interface Target {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const address = '127.0.0.1';

export async function startTarget(kind: TargetKind): Promise<Target> {
  const udp = createSocket('udp4');
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket.on('error', () => {}).on('close', () => connections.delete(socket)));
    if (kind === 'closing') socket.destroy();
    else if (kind === 'garbage') socket.on('data', (bytes) => socket.write(garbage(bytes)));
    else socket.resume();
  });
  udp.on('message', (bytes, peer) => {
    if (kind === 'garbage') udp.send(garbage(bytes), peer.port, peer.address);
  });
  const port = await bindBoth(udp, tcp, address);
  const close = async () => {
    for (const socket of connections) socket.destroy();
    await Promise.all([
      new Promise<void>((closed) => udp.close(closed)),
      new Promise((closed) => tcp.close(closed)),
    ]);
  };
  if (kind !== 'refusing') return { address, port, close };
  await close();
  return { address, port, close: async () => {} };
}

/**
 * Begins with the same bytes as the question, so that a client that compares ids takes it for its answer.
 */
function garbage(question: Buffer): Buffer {
  return Buffer.concat([question.subarray(0, 2), Buffer.alloc(40, 0xc5)]);
}
