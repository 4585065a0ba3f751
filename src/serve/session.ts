import type { Answer, Reply, RequestedChecks, RequestResult } from '../replies/reply.ts';
import { afterReading } from '../system/event-loop.ts';
import type { Input, Receiver } from '../system/sockets/inbox.ts';

/** One client's connection. The caller opens it and closes it. */
export interface Connection extends Input {
  /**
   * Sends the whole answer and ends our side; a client on a socket has limited time to take it. Resolves
   * even if the client is gone; rejects when our system cannot write it.
   */
  readonly send: (text: string) => Promise<void>;
  /** True when one socket carries both the request and the answer. */
  readonly isSocket: boolean;
  /** True when the socket is closed, so that no answer can be sent. */
  readonly isClosed: () => boolean;
  /** Called at each stage, in this order, for a server that may run out of connections. */
  readonly onStage?: (stage: Stage) => void;
}

/** How far the session of one client is. */
export type Stage =
  /** Its request is being read. `end` stops that, and the client gets the answer for a late request. */
  | { readonly kind: 'reading'; readonly end: () => void }
  /** Its checks run. */
  | { readonly kind: 'checking' }
  /** Its answer is being sent, or it was sent and the client has not closed yet. */
  | { readonly kind: 'answered' };

/** Serves one client; resolves to the exit code of a process that serves no other. */
export type Session = (connection: Connection) => Promise<number>;

/**
 * After the answer, we read and drop what the client still sends: unread bytes would turn our close into
 * a reset, which destroys the answer. This ends after so many seconds of silence.
 */
const lingerSeconds = 0.25;
/** How long this lasts at most, in seconds. */
const maxLingerSeconds = 2;

/**
 * Reads the request of one client, answers it, and lets the client close; resolves to the exit code of
 * the reply. A refused request, and a client that leaves before it has asked, count as `unknown`.
 */
export async function serveClient(
  connection: Connection,
  reply: Reply,
  requestTimeout: number,
  getAnswer: (requested: RequestedChecks) => Promise<Answer>,
): Promise<number> {
  const { exitCodes } = reply;
  const request = await readRequest(connection, reply, requestTimeout);
  // Read on, so that we see it when the client closes.
  if (connection.isSocket) connection.receive(drop);
  if (connection.isClosed()) return exitCodes.unknown;
  if (request.kind === 'refused') {
    await answer(connection, request.text);
    return exitCodes.unknown;
  }
  connection.onStage?.({ kind: 'checking' });
  const found = await getAnswer(request.requested);
  if (found.kind === 'rejected') {
    await answer(connection, request.reject?.(found) ?? request.render(found.report));
    return exitCodes.unknown;
  }
  await answer(connection, request.render(found.report));
  return exitCodes[found.report.outcome.status];
}

async function readRequest(
  connection: Connection,
  reply: Reply,
  timeout: number,
): Promise<RequestResult> {
  // An AbortController costs more than all else here.
  let late = () => {};
  const end = () => late();
  const deadline = setTimeout(afterReading, timeout * 1000, end);
  connection.onStage?.({ kind: 'reading', end });
  try {
    return await reply.readRequest(connection, (act) => {
      late = act;
    });
  } finally {
    clearTimeout(deadline);
    late = () => {};
  }
}

async function answer(connection: Connection, text: string): Promise<void> {
  connection.onStage?.({ kind: 'answered' });
  await connection.send(text);
  if (connection.isSocket) await drain(connection);
}

/** Reads and drops until the client closes or falls silent. */
function drain(input: Input): Promise<void> {
  return new Promise<void>((resolve) => {
    const silence = setTimeout(done, lingerSeconds * 1000);
    const limit = setTimeout(done, maxLingerSeconds * 1000);
    input.receive({ onBytes: () => silence.refresh(), onEnd: done });
    function done(): void {
      clearTimeout(silence);
      clearTimeout(limit);
      resolve();
    }
  });
}

/** For what nobody needs. */
const drop: Receiver = { onBytes() {}, onEnd() {} };
