import { expect, test, vi } from 'vitest';
import type { Report, Status } from '../../src/check/outcome.ts';
import { share } from '../../src/check/share.ts';

/** Runs that are counted, each with its own report. */
function countedRuns(status: Status = 'ok') {
  const ends: ((by?: Error) => void)[] = [];
  const run = () =>
    new Promise<Report>((resolve, reject) => {
      const report: Report = {
        ...{ probe: 'rbl', target: '192.0.2.7:53', startedAt: new Date() },
        outcome: { status, summary: '' },
        time: { name: 'time', value: 0, help: '' },
      };
      ends.push((by) => (by ? reject(by) : resolve(report)));
    });
  /** Waits until one run has begun, and ends it. */
  const end = async (index: number, by?: Error) => {
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(index), { interval: 1 });
    ends[index]?.(by);
  };
  return { run, end, count: () => ends.length };
}

test('gives one run to sixteen clients that ask at once', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0, 10);
  const asked = Array.from({ length: 16 }, ask);
  await end(0);
  expect(new Set(await Promise.all(asked)).size).toBe(1);
  expect(count()).toBe(1);
});

test('gives the next run to sixteen clients that ask while one is under way', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0, 10);
  const first = ask();
  await vi.waitFor(() => expect(count()).toBe(1));
  const late = Array.from({ length: 16 }, ask);
  await end(0);
  await end(1);
  const reports = new Set(await Promise.all(late));
  expect(reports.size).toBe(1);
  expect(reports).not.toContain(await first);
  expect(count()).toBe(2);
});

test('begins the next run after a quarter of the deadline, four of them at the most', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0, 0.2);
  const start = performance.now();
  const asked: Promise<Report>[] = [];
  for (let index = 0; index < 4; index += 1) {
    asked.push(ask());
    await vi.waitFor(() => expect(count()).toBe(index + 1), { interval: 1 });
    expect(performance.now() - start).toBeGreaterThan(index * 50 - 2);
  }
  asked.push(ask());
  await new Promise((over) => setTimeout(over, 150));
  expect(count()).toBe(4);
  // The last of them has not ended, but there is room for another.
  await end(0);
  await end(4);
  for (const index of [1, 2, 3]) await end(index);
  expect(new Set(await Promise.all(asked)).size).toBe(5);
});

test('gives one run to clients that come one by one within a moment', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0, 10);
  const first = ask();
  await new Promise(setImmediate);
  const second = ask();
  await end(0);
  expect(await second).toBe(await first);
  expect(count()).toBe(1);
});

test('gives a finished run to nobody who comes later', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0, 10);
  const reports = new Set<Report>();
  for (let index = 0; index < 3; index += 1) {
    const asked = ask();
    await end(index);
    reports.add(await asked);
  }
  expect(reports.size).toBe(3);
  expect(count()).toBe(3);
});

test('gives a report again while it is not older than it may be, and not longer', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0.2, 10);
  const asked = ask();
  await end(0);
  const first = await asked;
  expect(await ask()).toBe(first);
  expect(count()).toBe(1);
  await new Promise((over) => setTimeout(over, 210));
  const later = ask();
  await end(1);
  expect(await later).not.toBe(first);
});

test('gives a check that could not be made to nobody who comes later', async () => {
  const { run, end } = countedRuns('unknown');
  const ask = share(run, 300, 10);
  const asked = ask();
  await end(0);
  const first = await asked;
  const later = ask();
  await end(1);
  expect(await later).not.toBe(first);
});

test('runs anew behind a run that rejects', async () => {
  const { run, end } = countedRuns();
  const ask = share(run, 300, 10);
  const failed = expect(Promise.all([ask(), ask()])).rejects.toThrow('broken');
  await end(0, new Error('broken'));
  await failed;
  const next = ask();
  await end(1);
  expect((await next).outcome.status).toBe('ok');
});
