import type { Readable } from 'node:stream';
import type { Report, Status } from './outcome.ts';

/** What an asker sends. */
export interface Asker {
  /** Takes what it has sent so far, without waiting or opening the input; may be empty. */
  readonly arrived: () => Buffer;
  /** The rest, the same stream at each call; left unopened by a form that reads nothing. */
  readonly input: () => Readable;
}

/** One form of answer: turns a report into text, and never judges it again. */
export interface Reply {
  /** The process's exit code. */
  readonly exitCodes: Readonly<Record<Status, number>>;
  /**
   * Hears what the asker must say before it can be answered, until `signal` aborts at the latest. A
   * form that answers at once does not open the input. Never rejects: a bad request is refused.
   */
  readonly hear: (asker: Asker, signal: AbortSignal) => Promise<Turn>;
}

/** What follows from a request: a report is asked for, or it is refused without one. */
export type Turn =
  | { readonly kind: 'ask'; readonly say: (report: Report) => string }
  | { readonly kind: 'refuse'; readonly text: string };
