import type { UdpEvents, UdpSocket } from './udp.ts';

/** What is used of https://bun.sh/reference/bun/udpSocket: node:dgram takes longer to load than all of it. */
interface BunUdp {
  udpSocket(options: {
    readonly hostname: string;
    readonly connect: { readonly hostname: string; readonly port: number };
    readonly socket: {
      data(socket: unknown, bytes: Buffer): void;
      error(error: NodeJS.ErrnoException): void;
    };
  }): Promise<{ send(bytes: Uint8Array): boolean; close(): void }>;
}

/** On Bun's own sockets. */
export async function connectUdp(
  address: string,
  port: number,
  { onMessage, onError }: UdpEvents,
): Promise<UdpSocket> {
  const { udpSocket } = (globalThis as unknown as { Bun: BunUdp }).Bun;
  const socket = await udpSocket({
    // Where it is bound, before it connects: in the family of the address.
    hostname: address.includes(':') ? '::' : '0.0.0.0',
    connect: { hostname: address, port },
    socket: { data: (_socket, bytes) => onMessage(bytes), error: onError },
  });
  return {
    send(bytes) {
      try {
        socket.send(bytes);
      } catch (error) {
        onError(error as NodeJS.ErrnoException);
      }
    },
    close: () => socket.close(),
  };
}
