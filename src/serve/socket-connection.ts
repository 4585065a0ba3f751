import type { StreamSocket } from '../system/sockets/stream.ts';
import type { Connection } from './session.ts';

/** How long a client may take to receive the whole answer, in seconds. After that it loses the rest. */
const maxSendSeconds = 5;

/** One client on a socket. The caller closes the socket at the end of the session. */
export function connectionOn(socket: StreamSocket): Connection {
  return {
    ...socket,
    send: (text) => send(socket, text),
    isSocket: true,
  };
}

/** Resolves when the system has taken the whole answer, or when the connection is closed before that. */
function send(socket: StreamSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => socket.close(), maxSendSeconds * 1000);
    socket.end(text, () => {
      clearTimeout(limit);
      resolve();
    });
  });
}
