import { expect, test } from 'vitest';
import { spread } from '../../../scripts/bench/statistics.ts';

test('finds the median and the quartiles, between two values when none is in the middle', () => {
  expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
  expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25 });
  expect(spread([7])).toEqual({ median: 7, low: 7, high: 7 });
});

test('sorts by number', () => {
  expect(spread([10, 9, 100]).median).toBe(10);
});
