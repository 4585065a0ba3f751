import { describe, expect, test } from 'vitest';
import { parseDeadline } from '../../src/options/deadline.ts';

describe('a deadline', () => {
  test.each([
    ['10', { seconds: 10 }],
    ['.5', { seconds: 0.5 }],
    ['10:1', { seconds: 10, status: 'warning' }],
    ['10:2', { seconds: 10, status: 'critical' }],
    ['1.5:3', { seconds: 1.5, status: 'unknown' }],
    ['10:UNKNOWN', { seconds: 10, status: 'unknown' }],
    ['10:warning', { seconds: 10, status: 'warning' }],
  ])('may be %s', (text, deadline) => {
    expect(parseDeadline(text)).toEqual(deadline);
  });

  test.each(['', ':3', '0', '301', '1,5', '10 :3'])("is no '%s'", (text) => {
    expect(() => parseDeadline(text)).toThrow('Allowed is a number of seconds from 0.05 to 300.');
  });

  // ok is not allowed: nobody has seen the target work.
  test.each(['10:', '10:0', '10:ok', '10:4', '10:3:3', '10:constructor'])("is no '%s'", (text) => {
    expect(() => parseDeadline(text)).toThrow(/^Allowed behind the colon is 1, 2 or 3/);
  });
});
