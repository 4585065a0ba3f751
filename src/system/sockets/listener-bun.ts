import type { Listener, ListenTarget } from './listener.ts';
import type { StreamSocket } from './stream.ts';
import { type BunSocket, socketEvents, streamSocket } from './stream-bun.ts';

/** What is used of https://bun.sh/reference/bun/listen, which takes a descriptor too. */
interface BunListen {
  listen(
    options: ({ readonly fd: number } | { readonly port: number; readonly hostname: string }) & {
      readonly allowHalfOpen: true;
      readonly socket: typeof socketEvents & { open(socket: BunSocket): void };
    },
  ): {
    readonly fd: number;
    stop(): void;
    getsockname(name: { address?: string; port?: number }): void;
  };
}

/** On Bun's own sockets. */
export async function openListener(
  target: ListenTarget,
  accept: (socket: StreamSocket) => void,
): Promise<Listener> {
  const open = (socket: BunSocket) => {
    socket.data = streamSocket(socket);
    accept(socket.data);
  };
  const server = listenOn(target, { ...socketEvents, open });
  return {
    close: () => server.stop(),
    address() {
      const name: { address?: string; port?: number } = {};
      server.getsockname(name);
      const { address = '', port } = name;
      return port === undefined ? address : { address, port };
    },
    fd: server.fd,
  };
}

function listenOn(target: ListenTarget, socket: Parameters<BunListen['listen']>[0]['socket']) {
  const { listen } = (globalThis as unknown as { Bun: BunListen }).Bun;
  const where = 'fd' in target ? target : { port: target.port, hostname: target.host ?? '::' };
  try {
    return listen({ ...where, allowHalfOpen: true, socket });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The message does not tell why.
    if (code !== undefined) (error as Error).message = `listen ${code}: ${message}`;
    throw error;
  }
}
