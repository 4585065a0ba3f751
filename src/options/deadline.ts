import { InvalidArgumentError } from '../check/invalid-argument.ts';
import { secondsWithin } from './values.ts';

/**
 * The status of a program that has not ended at its deadline. It is never ok: nobody has seen the target
 * work.
 */
export const timeoutStatuses = ['critical', 'unknown', 'warning'] as const;

export type TimeoutStatus = (typeof timeoutStatuses)[number];

/** The value of `--timeout`. */
export interface Deadline {
  readonly seconds: number;
  readonly status?: TimeoutStatus;
}

const parseSeconds = secondsWithin(0.05, 300);

/** The statuses by the exit codes of plugins. */
const statusesByCode: ReadonlyMap<string, TimeoutStatus> = new Map([
  ['1', 'warning'],
  ['2', 'critical'],
  ['3', 'unknown'],
]);

/** Reads `10`, or `10:3` and `10:unknown` as in the plugins of monitoring-plugins. */
export function parseDeadline(text: string): Deadline {
  const [, digits = text, word] = /^([^:]*):(.*)$/.exec(text) ?? [];
  const seconds = parseSeconds(digits);
  if (word === undefined) return { seconds };
  const name = word.toLowerCase();
  const status = statusesByCode.get(name) ?? timeoutStatuses.find((known) => known === name);
  if (status === undefined) {
    throw new InvalidArgumentError(
      'Allowed behind the colon is 1, 2 or 3, or warning, critical or unknown.',
    );
  }
  return { seconds, status };
}
