import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Outcome, type Report, unknown } from '../../src/check/outcome.ts';
import type { Probe } from '../../src/check/probe.ts';
import { parseRange } from '../../src/check/range.ts';
import { type Check, run } from '../../src/check/run.ts';
import { runFixture } from '../support/fixture.ts';
import { statuses } from '../support/reports.ts';

const ok: Outcome = { status: 'ok', summary: 'lists' };

function check(probe: Probe | Outcome, more: Partial<Check> = {}): Check {
  const aimed = typeof probe === 'function' ? probe : async () => probe;
  return { name: 'rbl', target: '127.0.0.1:53', timeout: 5, probe: aimed, ...more };
}

describe('a report', () => {
  test('tells the probe, the target, the start, the time and the outcome', async () => {
    const before = Date.now();
    const slow: Probe = () => new Promise((end) => setTimeout(() => end(ok), 50));
    const report = await run(check(slow));
    expect(report).toMatchObject({ probe: 'rbl', target: '127.0.0.1:53', outcome: ok });
    expect(report.startedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(report.startedAt.getTime()).toBeLessThanOrEqual(Date.now() - 45);
    expect(report.time.value).toBeGreaterThanOrEqual(0.045);
    expect(report.time.value).toBeLessThan(5);
  });

  test.each(statuses)('leaves an outcome %s and its metrics as they are', async (status) => {
    const outcome: Outcome = {
      status,
      summary: 'as it is',
      metrics: [{ name: 'm', value: 1, help: 'h' }],
    };
    expect((await run(check(outcome))).outcome).toEqual(outcome);
  });
});

describe('the deadline', () => {
  const untilAbort: Probe = (signal) =>
    new Promise((end) => {
      signal.addEventListener('abort', () => end({ status: 'critical', summary: 'silence' }));
    });

  test('aborts the probe, whose outcome counts', async () => {
    // Long enough that a busy machine does not hold the process up for a quarter of it.
    const { outcome, time } = await run(check(untilAbort, { timeout: 2 }));
    expect(outcome).toEqual({ status: 'critical', summary: 'silence' });
    expect(time.value).toBeGreaterThanOrEqual(1.995);
    expect(time.value).toBeLessThan(3);
  });

  test('does not abort a probe that ends before it', async () => {
    let isAborted = false;
    const quick: Probe = async (signal) => {
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return ok;
    };
    await run(check(quick, { timeout: 0.05 }));
    // A deadline that is still set would be over before this one.
    await new Promise((later) => setTimeout(later, 100));
    expect(isAborted).toBe(false);
  });

  test('ends a probe that ignores it as unknown', async () => {
    const { outcome, time } = await run(check(() => new Promise(() => {}), { timeout: 0.1 }));
    expect(outcome).toEqual(unknown('bug in lbcheck: the probe did not keep its deadline'));
    expect(time.value).toBeLessThan(1.1);
  });
});

describe('thresholds', () => {
  const always = parseRange('@0:');
  const never = parseRange('1000');

  test('change nothing within their ranges', async () => {
    const { outcome } = await run(check(ok, { warning: never, critical: never }));
    expect(outcome).toEqual(ok);
  });

  test('make a target that works a warning, and give the reason', async () => {
    const { outcome } = await run(check(ok, { warning: always, critical: never }));
    expect(outcome.status).toBe('warning');
    expect(outcome.summary).toMatch(/^lists; response time \d+\.\d{3} s, warning at @0:$/);
  });

  test('make it critical, whatever the warning', async () => {
    const { outcome } = await run(check(ok, { warning: always, critical: always }));
    expect(outcome.status).toBe('critical');
    expect(outcome.summary).toMatch(/^lists; response time \d+\.\d{3} s, critical at @0:$/);
  });

  test('judge the time that the probe took', async () => {
    const slow: Probe = () => new Promise((end) => setTimeout(() => end(ok), 120));
    const warning = parseRange('0.1');
    expect((await run(check(slow, { warning }))).outcome.status).toBe('warning');
  });

  test.each(['warning', 'critical', 'unknown'] as const)('leave %s as it is', async (status) => {
    const outcome: Outcome = { status, summary: 'not well' };
    const report = await run(check(outcome, { warning: always, critical: always }));
    expect(report.outcome).toEqual(outcome);
  });

  test('keep the metrics', async () => {
    const metrics = [{ name: 'm', value: 1, help: 'h' }];
    for (const threshold of ['warning', 'critical'] as const) {
      const { outcome } = await run(check({ ...ok, metrics }, { [threshold]: always }));
      expect(outcome).toMatchObject({ status: threshold, metrics });
    }
  });
});

describe('a summary', () => {
  const shown = async (summary: string) =>
    (await run(check({ status: 'critical', summary }))).outcome.summary;

  test.each([
    ['line breaks', 'one\r\ntwo\nthree', 'one two three'],
    ['NUL and escape sequences', 'a\0b\x1b[31mc', 'a b [31mc'],
    ['DEL and C1 controls', 'a\x7fb\x85c\x9bd', 'a b c d'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a b c'],
  ])('has no %s', async (_what, text, line) => {
    expect(await shown(text)).toBe(line);
  });

  test('keeps letters of any script', async () => {
    expect(await shown('bücher 例え 😀')).toBe('bücher 例え 😀');
  });

  test('shows that it was cut, and is not cut within a character', async () => {
    expect(await shown('a'.repeat(1000))).toBe('a'.repeat(1000));
    expect(await shown('a'.repeat(1001))).toBe(`${'a'.repeat(997)}...`);
    expect(await shown(`${'a'.repeat(996)}${'😀'.repeat(9)}`)).toBe(`${'a'.repeat(996)}...`);
    expect(await shown('half \ud83d and half \ude00')).toBe('half  and half ');
  });

  test('is one line of 1000 characters at most, whatever the text', async () => {
    const units = fc.string({ unit: 'binary', maxLength: 1500, size: 'max' });
    await fc.assert(
      fc.asyncProperty(units, async (text) => {
        const line = await shown(text);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(line.length).toBeLessThanOrEqual(1000);
        expect(line).not.toMatch(/\p{Surrogate}/u);
      }),
      // Shrinking would keep the event loop from ever coming to the test's own timeout.
      { numRuns: 50, endOnFailure: true },
    );
  });
});

describe('a bug', () => {
  test.each<[string, Probe, string]>([
    ['rejects', () => Promise.reject(new Error('oh\nno')), 'bug in lbcheck: oh no'],
    ['rejects with a text', () => Promise.reject('oh no'), 'bug in lbcheck: oh no'],
    ['rejects with nothing', () => Promise.reject(), 'bug in lbcheck: undefined'],
    [
      'throws before it returns',
      () => {
        throw new TypeError('oh no');
      },
      'bug in lbcheck: oh no',
    ],
  ])('in a probe that %s is unknown, with its message', async (_what, probe, summary) => {
    expect((await run(check(probe))).outcome).toEqual(unknown(summary));
  });

  // Vitest listens for uncaught errors itself, so these run in a separate process.
  test.each(['from-a-timer', 'from-a-promise'])(
    'that comes %s is unknown at once, and nothing is printed',
    async (bug) => {
      const { stdout, ...ended } = await runFixture('throws-later', bug);
      expect(ended).toEqual({ code: 0, signal: undefined, stderr: '' });
      const report: Report = JSON.parse(stdout);
      expect(report.outcome).toEqual(unknown('bug in lbcheck: late bug'));
      expect(report.time.value).toBeLessThan(10);
    },
  );

  test('that comes after the run is not hidden by it', async () => {
    const ended = await runFixture('throws-later', 'never', 'much later');
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain('much later');
  });

  test('leaves no listener behind', async () => {
    const before = process.listenerCount('uncaughtException');
    const during: number[] = [];
    await run(
      check(async () => {
        during.push(process.listenerCount('uncaughtException'));
        throw new Error('oh no');
      }),
    );
    expect(during).toEqual([before + 1]);
    expect(process.listenerCount('uncaughtException')).toBe(before);
  });
});
