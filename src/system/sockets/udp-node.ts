import { createSocket } from 'node:dgram';
import type { UdpEvents, UdpSocket } from './udp.ts';

/** On Node's own sockets. */
export function connectUdp(
  address: string,
  port: number,
  { onMessage, onError }: UdpEvents,
): Promise<UdpSocket> {
  const family = address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: `udp${family}`,
    // An address needs no look-up, and the default look-up loads node:dns.
    lookup: (literal, _options, done) => done(null, literal, family),
  });
  const opening = new Promise<UdpSocket>((resolve, reject) => {
    // Before it connects: the error of a socket that cannot be made comes within that call.
    socket.once('error', reject);
    socket.on('message', onMessage);
    socket.once('connect', () => {
      socket.off('error', reject).on('error', onError);
      resolve({
        send: (bytes) => socket.send(bytes, (error) => error && onError(error)),
        close: () => socket.close(),
      });
    });
    // Without a callback a failed connect is an 'error' event, as every other failure is.
    socket.connect(port, address);
  });
  return opening.catch((error) => {
    // Open, it would keep the process alive.
    socket.close();
    throw error;
  });
}
