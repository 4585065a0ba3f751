import { describe, expect, test } from 'vitest';
import type { Metric, Report } from '../../src/check/outcome.ts';
import { plugin } from '../../src/replies/plugin.ts';
import { reportOf } from '../support/reports.ts';
import { lateAfter, unread } from '../support/requests.ts';

async function render(report: Report): Promise<string> {
  const request = await plugin.readRequest(unread, lateAfter(0));
  return request.kind === 'accepted'
    ? request.render(report)
    : expect.unreachable('it was refused');
}

/** A line without its perfdata. */
const beforeBar = (line: string) => line.replace(/ \|.*/, '');

describe('a plugin', () => {
  test.each([
    ['ok', 'RBL OK - lists 127.0.0.2\n'],
    ['warning', 'RBL WARNING - lists 127.0.0.2\n'],
    ['critical', 'RBL CRITICAL - lists 127.0.0.2\n'],
    ['unknown', 'RBL UNKNOWN - lists 127.0.0.2\n'],
  ] as const)('renders %s on one line, without reading anything', async (status, line) => {
    expect(beforeBar(await render(reportOf(status, 'lists 127.0.0.2')))).toBe(line);
  });

  test('is labelled with the name of the probe', async () => {
    expect(await render({ ...reportOf('ok'), probe: 'tls' })).toMatch(/^TLS OK - /);
  });

  test('has no bar in its text, where perfdata would begin', async () => {
    const line = await render(reportOf('ok', 'a|b | c'));
    expect(line).toMatch(/^RBL OK - a[^|]b [^|] c( \| [^|]+)?\n$/);
  });

  test('has more lines behind the first, and no bar in them', async () => {
    const report = { ...reportOf('ok', 'lists'), lines: ['1.0 ms: asked | sent', 'a|b=1'] };
    const [first, ...more] = (await render(report)).split('\n');
    expect(first).toMatch(/^RBL OK - lists \| time=/);
    expect(more).toEqual(['1.0 ms: asked / sent', 'a/b=1', '']);
  });

  test("has the exit codes of the guidelines' section on plugin return codes", () => {
    expect(plugin.exitCodes).toEqual({ ok: 0, warning: 1, critical: 2, unknown: 3 });
  });
});

describe('perfdata', () => {
  const metric: Metric = { name: 'size', value: 1, help: 'A size' };

  /** What stands behind the bar for a run of 5 ms and these metrics. */
  async function perfdata(...metrics: readonly Metric[]): Promise<string | undefined> {
    const report = reportOf('ok');
    const time = { ...report.time, value: 0.005, minimum: 0, maximum: 1.5 };
    const line = await render({ ...report, time, outcome: { ...report.outcome, metrics } });
    return /^[^|]* \| (.*)\n$/.exec(line)?.[1];
  }

  test('begins with the time', async () => {
    expect(await perfdata()).toBe('time=0.005s;;;0;1.5');
    expect(await perfdata(metric)).toBe('time=0.005s;;;0;1.5 size=1');
  });

  test.each<[string, Partial<Metric>, string]>([
    ['a unit', { unit: 'B' }, 'size=1B'],
    ['a counter', { unit: 'c', value: 20 }, 'size=20c'],
    ['a warning', { warning: '~:10' }, 'size=1;~:10'],
    ['a critical', { critical: '@1:2' }, 'size=1;;@1:2'],
    ['a minimum', { minimum: 0 }, 'size=1;;;0'],
    ['a maximum', { maximum: 9 }, 'size=1;;;;9'],
    [
      'all',
      { unit: '%', warning: '5', critical: '9', minimum: 0, maximum: 100 },
      'size=1%;5;9;0;100',
    ],
    ['a round number', { value: 100 }, 'size=100'],
    ['a large number', { value: 123456789012 }, 'size=123456789012'],
    ['a small number', { value: 0.0000004 }, 'size=0'],
    ['a negative number', { value: -12.5 }, 'size=-12.5'],
    ['labels', { labels: { zone: 'list.example' } }, 'size_list.example=1'],
    ['an IPv6 address', { labels: { server: '2001:db8::1' } }, 'size_2001_db8_1=1'],
    ['signs', { labels: { of: "a='b' ;|\"c\n" } }, 'size_a_b_c_=1'],
  ])('has %s', async (_what, changes, text) => {
    expect(await perfdata({ ...metric, ...changes })).toBe(`time=0.005s;;;0;1.5 ${text}`);
  });

  test('is missing where nothing was measured, for the check was not made', async () => {
    expect(await render(reportOf('unknown'))).not.toMatch(/[|=]/);
  });
});
