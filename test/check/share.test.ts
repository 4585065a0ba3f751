import { expect, test, vi } from 'vitest';
import type { Report, Status } from '../../src/check/outcome.ts';
import { share } from '../../src/check/share.ts';

/** Runs that are counted, each with a report of its own. */
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
  /** Ends one run, when it has begun. */
  const end = async (index: number, by?: Error) => {
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(index), { interval: 1 });
    ends[index]?.(by);
  };
  return { run, end, count: () => ends.length };
}

test('gives one run to sixteen clients that overlap', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0);
  const early = Array.from({ length: 8 }, ask);
  await vi.waitFor(() => expect(count()).toBe(1));
  const late = Array.from({ length: 8 }, ask);
  await end(0);
  expect(new Set(await Promise.all([...early, ...late])).size).toBe(1);
  expect(count()).toBe(1);
});

test('gives one run to clients that come one by one within a moment', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0);
  const first = ask();
  await new Promise(setImmediate);
  const second = ask();
  await end(0);
  expect(await second).toBe(await first);
  expect(count()).toBe(1);
});

test('gives a finished run to nobody who comes later', async () => {
  const { run, end, count } = countedRuns();
  const ask = share(run, 0);
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
  const ask = share(run, 0.2);
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
  const ask = share(run, 300);
  const asked = ask();
  await end(0);
  const first = await asked;
  const later = ask();
  await end(1);
  expect(await later).not.toBe(first);
});

test('runs anew behind a run that rejects', async () => {
  const { run, end } = countedRuns();
  const ask = share(run, 300);
  const failed = expect(Promise.all([ask(), ask()])).rejects.toThrow('broken');
  await end(0, new Error('broken'));
  await failed;
  const next = ask();
  await end(1);
  expect((await next).outcome.status).toBe('ok');
});
