import { openSocket } from '../system/sockets/stream.ts';
import type { StdinKind } from '../system/standard-streams.ts';
import { writeStdout } from '../system/standard-streams.ts';
import { openStdin } from '../system/stdin.ts';
import type { Session } from './session.ts';
import { connectionOn } from './socket-connection.ts';

/**
 * Serves one client on stdin and stdout, whatever they are; resolves to the exit code. Rejects when the
 * answer cannot be written. Nothing is printed on stderr, whatever happens.
 */
export async function serveOneShot(session: Session, kind: StdinKind): Promise<number> {
  // A client that goes away is no failure of ours.
  process.on('uncaughtException', () => {});
  // A socket of datagrams carries no request.
  const socket = kind === 'socket' ? await openSocket(0) : undefined;
  if (!socket) return serveOnStreams(session);
  try {
    return await session(connectionOn(socket));
  } finally {
    socket.close();
  }
}

async function serveOnStreams(session: Session): Promise<number> {
  const { receive, putBack, close } = openStdin();
  const isClosed = () => false;
  try {
    return await session({ receive, putBack, send: writeStdout, isSocket: false, isClosed });
  } finally {
    close();
  }
}
