import { describe, expect, test } from 'vitest';
import { critical, graver, type Status, unknown } from '../../src/check/outcome.ts';
import { statuses } from '../support/reports.ts';

/** From best to worst: a failure that was seen is graver than a check that could not be made. */
const order: readonly Status[] = ['ok', 'warning', 'unknown', 'critical'];
const pairs = order.flatMap((better, rank) =>
  order.slice(rank).map((worse) => [better, worse] as const),
);

describe('the graver', () => {
  test.each(pairs)('of %s and %s is the second, in either order', (better, worse) => {
    expect(graver(better, worse)).toBe(worse);
    expect(graver(worse, better)).toBe(worse);
  });

  test('knows every status', () => {
    expect([...order].sort()).toEqual([...statuses].sort());
  });
});

test('an outcome in short has its status and summary', () => {
  expect(critical('no answer')).toEqual({ status: 'critical', summary: 'no answer' });
  expect(unknown('no nmap')).toEqual({ status: 'unknown', summary: 'no nmap' });
});
