import type { Socket } from 'node:net';
import type { Trace } from '../../../check/trace.ts';
import { quote } from './quote.ts';

/** What the user and the target are called in a protocol. */
export interface Names {
  /** What we call ourselves. */
  readonly client: string;
  /** What the server is to be for us. */
  readonly server: string;
}

/** How a protocol comes from its plain words to TLS (RFC 3207 for SMTP, and their like). */
export interface StartTls {
  /**
   * Speaks until the server is ready for our ClientHello. Throws a Declined when it is not to be, and
   * what the conversation throws.
   */
  readonly ask: (talk: Conversation, names: Names) => Promise<void>;
  /** How a client leaves, inside TLS, and also when it has come to no TLS. */
  readonly goodbye?: string | Buffer;
  /** How it leaves inside TLS when that is another way. */
  readonly goodbyeInTls?: Buffer;
}

/** The server does not start TLS; the message says, behind its name, what it does instead. */
export class Declined extends Error {}

/** The conversation is over before its time: the deadline, the server's end, or too many words. */
export class Interrupted extends Error {
  readonly reason: 'late' | 'ended' | 'too-much';
  constructor(reason: Interrupted['reason']) {
    super(reason);
    this.reason = reason;
  }
}

/** Plain words with a server before TLS. */
export interface Conversation {
  readonly send: (words: string | Buffer) => void;
  /** One line without its end; in latin1, as bytes are to be seen. */
  readonly line: () => Promise<string>;
  /** Exactly so many bytes. */
  readonly bytes: (count: number) => Promise<Buffer>;
  /** Text up to the end of the first match. */
  readonly until: (pattern: RegExp) => Promise<string>;
}

/** A conversation, and what its owner must know of it. */
export interface OwnedConversation {
  readonly talk: Conversation;
  /** How many bytes the server has sent, and how many of them nobody has asked for. */
  readonly received: () => number;
  readonly unread: () => number;
  /** Gives the socket back, with nothing lost that comes later. */
  readonly release: () => void;
}

/** No server has more to say before TLS. */
const maxBytes = 65_536;

/** Begins a conversation on a connected socket. */
export function converse(socket: Socket, signal: AbortSignal, trace?: Trace): OwnedConversation {
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

  /** Takes so many bytes from the front as `find` says; what has come is looked at before the end. */
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
    talk: {
      send: (words) => {
        trace?.(2, () => `says ${quote(words.toString('latin1'))}`);
        socket.write(words);
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
