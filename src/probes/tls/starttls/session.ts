import type { Socket } from 'node:net';
import type { Trace } from '../../../check/trace.ts';
import type { AbortSignalLike } from '../../../system/abort.ts';
import { quote } from './quote.ts';

/** What the two sides are called in a protocol. */
export interface Names {
  /** What we call ourselves; undefined for the name of this machine. */
  readonly client: string | undefined;
  /** What we call the server. */
  readonly server: string;
}

/** How a protocol changes from plain text to TLS. */
export interface StartTls {
  /**
   * Speaks until the server is ready for our ClientHello. Throws a Declined when the server does not start
   * TLS, and an Interrupted when the session ends early.
   */
  readonly ask: (session: Session, names: Names) => Promise<void>;
  /** What a client sends when it leaves, inside TLS or without it. */
  readonly goodbye?: string | Buffer;
  /** What it sends inside TLS, if that is different. */
  readonly goodbyeInTls?: Buffer;
}

/** The server does not start TLS. The message follows the server's name, and says what it does instead. */
export class Declined extends Error {}

/** The session ended early: by the deadline, by the server, or because the server sends too much. */
export class Interrupted extends Error {
  readonly reason: 'late' | 'ended' | 'too-much';
  constructor(reason: Interrupted['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** Plain text between us and a server, before TLS. */
export interface Session {
  readonly send: (text: string | Buffer) => void;
  /** One line without its line break; each byte is one character. */
  readonly line: () => Promise<string>;
  /** Exactly so many bytes. */
  readonly bytes: (count: number) => Promise<Buffer>;
  /** Text up to the end of the first match. */
  readonly until: (pattern: RegExp) => Promise<string>;
}

/** A session, and what is needed to end it. */
export interface OpenSession {
  readonly session: Session;
  /** How many bytes the server has sent, and how many of them were not read. */
  readonly received: () => number;
  readonly unread: () => number;
  /** Stops listening to the socket; what arrives later waits in it. */
  readonly release: () => void;
}

/** More than any server sends before TLS. */
const maxBytes = 65_536;

/** Begins a session on a connected socket. */
export function openSession(socket: Socket, signal: AbortSignalLike, trace?: Trace): OpenSession {
  let pending = Buffer.alloc(0);
  let received = 0;
  let isEnded = false;
  let wake = () => {};
  const onData = (chunk: Buffer) => {
    received += chunk.length;
    trace?.(2, () => `the server says ${quote(chunk.toString('latin1'))}`);
    if (received <= maxBytes) pending = Buffer.concat([pending, chunk]);
    else socket.pause();
    wake();
  };
  const onEnd = () => {
    isEnded = true;
    wake();
  };
  const onAbort = () => wake();
  socket.on('data', onData).on('end', onEnd).on('close', onEnd);
  signal.addEventListener('abort', onAbort);

  /** Takes as many bytes from the front as `find` returns. What has arrived is read before an end is seen. */
  const take = async (find: (text: Buffer) => number): Promise<Buffer> => {
    for (;;) {
      const count = find(pending);
      if (count >= 0) {
        const taken = pending.subarray(0, count);
        pending = pending.subarray(count);
        return taken;
      }
      if (received > maxBytes) throw new Interrupted('too-much');
      if (isEnded) throw new Interrupted('ended');
      if (signal.aborted) throw new Interrupted('late');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    session: {
      send: (text) => {
        trace?.(2, () => `says ${quote(text.toString('latin1'))}`);
        socket.write(text);
      },
      line: async () => {
        const line = await take((bytes) => bytes.indexOf('\n') + 1 || -1);
        return line.toString('latin1').replace(/\r?\n$/, '');
      },
      bytes: (count) => take((bytes) => (bytes.length >= count ? count : -1)),
      until: async (pattern) => {
        const endOf = (bytes: Buffer) => {
          const match = pattern.exec(bytes.toString('latin1'));
          return match ? match.index + match[0].length : -1;
        };
        return (await take(endOf)).toString('latin1');
      },
    },
    received: () => received,
    unread: () => pending.length,
    release: () => {
      socket.pause();
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
