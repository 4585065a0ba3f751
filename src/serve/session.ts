import type { Readable } from 'node:stream';
import type { Status } from '../check/outcome.ts';
import type { Answer, Client, Reply, RequestedChecks, RequestResult } from '../replies/reply.ts';

/** One client's connection. Whoever serves it opens and closes what is behind it. */
export interface Connection extends Client {
  /** Sends the whole answer and ends our side. Resolves even if the client is gone. */
  readonly send: (text: string) => Promise<void>;
  /** True when one socket carries both the request and the answer. */
  readonly isSocket: boolean;
  /**
   * For a server that may run out of connections: takes a function that ends the reading of the
   * request early, and undefined once the request is read.
   */
  readonly onReading?: (end: (() => void) | undefined) => void;
}

/** Serves one client; resolves to the status it was told. */
export type Session = (connection: Connection) => Promise<Status>;

/**
 * After the answer, what the client still sends is read and dropped: bytes left unread turn the close
 * into a reset that eats the answer. It ends when nothing came for `lingerSeconds`,
 */
const lingerSeconds = 0.25;
/** and after `maxLingerSeconds` in any case. */
const maxLingerSeconds = 2;

/**
 * Reads the request of one client, answers it, and lets the client close. A refused request, and a
 * client that leaves before it has asked, count as `unknown`.
 */
export async function serveClient(
  connection: Connection,
  reply: Reply,
  requestTimeout: number,
  getAnswer: (requested: RequestedChecks) => Promise<Answer>,
): Promise<Status> {
  const request = await readRequest(connection, reply, requestTimeout);
  if (connection.isSocket && connection.input().resume().destroyed) return 'unknown';
  if (request.kind === 'refused') {
    await answer(connection, request.text);
    return 'unknown';
  }
  const found = await getAnswer(request.requested);
  if (found.kind === 'rejected') {
    await answer(connection, request.reject?.(found) ?? request.render(found.report));
    return 'unknown';
  }
  await answer(connection, request.render(found.report));
  return found.report.outcome.status;
}

async function readRequest(
  connection: Connection,
  reply: Reply,
  timeout: number,
): Promise<RequestResult> {
  const reading = new AbortController();
  const end = () => reading.abort();
  const deadline = setTimeout(end, timeout * 1000);
  connection.onReading?.(end);
  try {
    return await reply.readRequest(connection, reading.signal);
  } finally {
    clearTimeout(deadline);
    connection.onReading?.(undefined);
  }
}

async function answer({ input, send, isSocket }: Connection, text: string): Promise<void> {
  await send(text);
  if (isSocket) await drain(input());
}

/** Reads and drops until the client closes or falls silent. */
function drain(input: Readable): Promise<void> {
  if (input.readableEnded || input.destroyed) return Promise.resolve();
  return new Promise<void>((resolve) => {
    const silence = setTimeout(done, lingerSeconds * 1000);
    const limit = setTimeout(done, maxLingerSeconds * 1000);
    input
      .on('data', () => silence.refresh())
      .once('end', done)
      .once('close', done);
    function done(): void {
      clearTimeout(silence);
      clearTimeout(limit);
      resolve();
    }
  });
}
