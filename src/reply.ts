import type { Readable } from 'node:stream';
import type { Report, Status } from './outcome.ts';

/** One form of answer: turns a report into text, and never judges it again. */
export interface Reply {
  /** The process's exit code. */
  readonly exitCodes: Readonly<Record<Status, number>>;
  /**
   * Hears what the asker must say before it can be answered, for `seconds` at most. A form that
   * answers at once does not open the input. Never rejects: a bad request is refused.
   */
  readonly hear: (input: () => Readable, seconds: number) => Promise<Turn>;
}

/** What follows from a request: a report is asked for, or it is refused without one. */
export type Turn =
  | { readonly kind: 'ask'; readonly say: (report: Report) => string }
  | { readonly kind: 'refuse'; readonly text: string };
