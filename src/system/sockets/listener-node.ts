import { createServer, type Server } from 'node:net';
import type { Listener, ListenTarget } from './listener.ts';
import type { StreamSocket } from './stream.ts';
import { streamSocket } from './stream-node.ts';

/** On Node's own sockets. */
export function openListener(
  target: ListenTarget,
  accept: (socket: StreamSocket) => void,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    // A client may end its side before it is answered.
    const server = createServer({ allowHalfOpen: true }, (socket) => accept(streamSocket(socket)));
    server.once('error', reject);
    server.listen(target, () => {
      // Later errors are a client's, or a lack of descriptors that passes.
      server.off('error', reject).on('error', () => {});
      resolve({
        close: () => void server.close(),
        address: () => server.address() ?? '',
        fd: descriptorOf(server),
      });
    });
  });
}

/** Node keeps it in the handle, which no type declares. */
function descriptorOf(server: Server): number | undefined {
  const fd = (server as { _handle?: { fd?: unknown } })._handle?.fd;
  return typeof fd === 'number' ? fd : undefined;
}
