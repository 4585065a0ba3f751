import { InvalidArgumentError } from './invalid-argument.ts';

/** A threshold range of the Monitoring Plugins guidelines, section "Threshold and Ranges". */
export interface Range {
  /** As the user wrote it, for perfdata. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** True for `@`: an alert is raised within the range instead of outside of it. */
  readonly inside: boolean;
}

const bound = '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)';
const grammar = new RegExp(`^(@?)(?:(~|${bound})?(:))?(${bound})?$`);

/** Reads `10`, `10:`, `~:10`, `10:20`, `@10:20`. Throws InvalidArgumentError otherwise. */
export function parseRange(text: string): Range {
  const [match, at, start, colon, end] = grammar.exec(text) ?? [];
  const range = {
    text,
    start: start === '~' ? Number.NEGATIVE_INFINITY : Number(start ?? 0),
    end: end === undefined ? Number.POSITIVE_INFINITY : Number(end),
    inside: at === '@',
  };
  const bounded = end !== undefined || (colon !== undefined && start !== undefined);
  if (match === undefined || !bounded || range.start > range.end) {
    throw new InvalidArgumentError(
      'Allowed is a range of the plugin guidelines: 10, 10:, ~:10, 10:20 or @10:20, start not above end.',
    );
  }
  return range;
}

/** True when the value raises an alert. */
export function alerts(range: Range, value: number): boolean {
  const within = value >= range.start && value <= range.end;
  return within === range.inside;
}
