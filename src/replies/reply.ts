import type { Readable } from 'node:stream';
import type { Report, Status } from '../check/outcome.ts';

/** What a client sends. */
export interface Client {
  /** Takes what it has sent so far, without waiting or opening the input; may be empty. */
  readonly arrived: () => Buffer;
  /** The rest, the same stream at each call. A reply that reads nothing does not open it. */
  readonly input: () => Readable;
}

/** One form of answer: turns a report into text, and never judges it again. */
export interface Reply {
  /** The exit code of the process. */
  readonly exitCodes: Readonly<Record<Status, number>>;
  /**
   * Reads what the client must send before it can be answered, until `signal` aborts at the latest. A
   * reply that answers at once does not open the input. Never rejects: a bad request is refused.
   */
  readonly readRequest: (client: Client, signal: AbortSignal) => Promise<RequestResult>;
}

/** What follows from a request: it is answered with a report, or refused without one. */
export type RequestResult =
  | { readonly kind: 'accepted'; readonly render: (report: Report) => string }
  | { readonly kind: 'refused'; readonly text: string };
