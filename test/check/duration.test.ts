import { expect, test } from 'vitest';
import { formatDuration } from '../../src/check/duration.ts';

test.each([
  [0, '0s'],
  [0.9, '0s'],
  [59.9, '59s'],
  [60, '1m'],
  [3661, '1h 1m'],
  [3600, '1h'],
  [18_720, '5h 12m'],
  [86_400 * 2, '2d'],
  [86_400 * 2 + 59, '2d'],
  [86_400 * 400 + 3600 * 5, '400d 5h'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
