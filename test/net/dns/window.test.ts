import { describe, expect, test } from 'vitest';
import { openWindow } from '../../../src/net/dns/window.ts';

/** Questions that are answered by hand. */
function questions() {
  const started: number[] = [];
  const answers: (() => void)[] = [];
  const question = (number: number) => () =>
    new Promise<number>((resolve) => {
      started.push(number);
      answers[number] = () => resolve(number);
    });
  return { started, answers, question };
}

const aTurn = () => new Promise((soon) => setImmediate(soon));
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a window', () => {
  test('lets so many questions be open, and the next in when one is answered', async () => {
    const { started, answers, question } = questions();
    const turn = openWindow({ size: 3, lastStart: 60 });
    const all = numbers(5).map((number) => turn(question(number)));
    await aTurn();
    expect(started).toEqual([0, 1, 2]);
    answers[1]?.();
    await aTurn();
    expect(started).toEqual([0, 1, 2, 3]);
    for (const number of [0, 2, 3]) answers[number]?.();
    await aTurn();
    answers[4]?.();
    expect(await Promise.all(all)).toEqual(numbers(5));
  });

  test('lets the next in though nobody answers, all in good time', async () => {
    const { started, question } = questions();
    const turn = openWindow({ size: 2, lastStart: 0.2 });
    const start = performance.now();
    for (const number of numbers(10)) turn(question(number));
    await aTurn();
    expect(started).toEqual([0, 1]);
    await expect.poll(() => started, { interval: 5 }).toEqual(numbers(10));
    // Four more pairs, each after a fifth of the time.
    expect(performance.now() - start).toBeGreaterThan(150);
  });

  test('lets the next in when a question fails', async () => {
    const turn = openWindow({ size: 1, lastStart: 60 });
    const failed = turn(() => Promise.reject(new Error('of the question')));
    const next = turn(async () => 'asked');
    await expect(failed).rejects.toThrow('of the question');
    expect(await next).toBe('asked');
  });
});
