import { connect } from 'node:net';
import {
  type Answer,
  answerOfError,
  encodeQuery,
  idOf,
  type Question,
  readMessage,
} from './message.ts';

/** A stream that holds more messages which are no answers is none of DNS. */
const mostStrangers = 16;

/**
 * Asks one question over a TCP connection of its own, each message behind its length in two bytes
 * (RFC 7766 section 8). Ends as silence at the abort. Never rejects.
 */
export function askTcp(
  address: string,
  port: number,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  if (signal.aborted) return Promise.resolve({ kind: 'silence', ignored: 0 });
  return new Promise((resolve) => {
    const id = Math.floor(Math.random() * 65536);
    let received = Buffer.alloc(0);
    let ignored = 0;
    let isConnected = false;

    const socket = connect({ host: address, port });
    const settle = (answer: Answer) => {
      signal.removeEventListener('abort', silence);
      resolve(answer);
      // The server should see an orderly end, and may take its time over it: nobody waits for it.
      if (isConnected && answer.kind === 'reply') socket.destroySoon();
      else socket.destroy();
    };
    const silence = () => settle({ kind: 'silence', ignored });
    signal.addEventListener('abort', silence, { once: true });

    socket.on('connect', () => {
      isConnected = true;
      socket.write(withLength(encodeQuery(id, question)));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      settle(isConnected ? { kind: 'closed' } : answerOfError(error, 'TCP'));
    });
    socket.on('close', () => settle({ kind: 'closed' }));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (let message = first(received); message; message = first(received)) {
        received = received.subarray(2 + message.length);
        const reading = idOf(message) === id ? readMessage(message, question) : undefined;
        if (reading?.kind === 'reply') return settle(reading);
        if (reading && reading.kind !== 'stranger') return settle({ kind: 'malformed' });
        ignored += 1;
        if (ignored > mostStrangers) return settle({ kind: 'malformed' });
      }
    });
  });
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** The first whole message of a stream, without its length. */
function first(stream: Buffer): Buffer | undefined {
  if (stream.length < 2) return undefined;
  const end = 2 + stream.readUInt16BE(0);
  return stream.length < end ? undefined : stream.subarray(2, end);
}
