import type { Socket } from 'node:net';
import type { Connection } from './session.ts';

/** How long a client may take to receive the whole answer, in seconds. After that it loses the rest. */
const maxSendSeconds = 5;

/** One client on a socket. The caller destroys the socket at the end of the session. */
export function connectionOn(socket: Socket): Connection {
  return {
    input: () => socket,
    arrived: () => Buffer.alloc(0),
    send: (text) => send(socket, text),
    isSocket: true,
  };
}

/** Resolves when the system has taken the whole answer, or when the connection is closed before that. */
function send(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => socket.destroy(), maxSendSeconds * 1000);
    const done = () => {
      clearTimeout(limit);
      resolve();
    };
    socket.once('close', done);
    socket.end(text, done);
    if (socket.destroyed) done();
  });
}
