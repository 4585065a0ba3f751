import { describe, expect, test } from 'vitest';
import { openPace } from '../../../src/net/dns/pace.ts';

const never = new AbortController().signal;

describe('a pace', () => {
  test('lets so many questions out in a second, at even distances', async () => {
    const pace = openPace(50, never);
    const start = performance.now();
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 6 }, () => pace().then(() => times.push(performance.now() - start))),
    );
    for (const [index, time] of times.entries()) expect(time).toBeGreaterThan(index * 20 - 5);
  });

  test('without a limit holds nothing back', async () => {
    const pace = openPace(undefined, never);
    const start = performance.now();
    await Promise.all(Array.from({ length: 100 }, pace));
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('holds nothing back after the abort', async () => {
    const deadline = new AbortController();
    const pace = openPace(1, deadline.signal);
    const all = Promise.all(Array.from({ length: 100 }, pace));
    deadline.abort();
    await all;
    await pace();
  });
});
