import { describe, expect, test } from 'vitest';
import { combine } from '../../src/check/combine.ts';
import type { Report } from '../../src/check/outcome.ts';
import { reportOf, statuses } from '../support/reports.ts';

const named = (name: string, report: Report): Report => ({ ...report, name });

describe('a combined report', () => {
  test.each([
    [['ok'], 'ok'],
    [['ok', 'warning'], 'warning'],
    [['unknown', 'warning'], 'unknown'],
    [['ok', 'critical', 'unknown'], 'critical'],
    [[], 'unknown'],
  ] as const)('of %j is %s', (parts, status) => {
    const reports = parts.map((part, index) => named(`c${index}`, reportOf(part)));
    expect(combine(reports).outcome.status).toBe(status);
  });

  test('names who is not ok, with the reason', () => {
    const report = combine([
      named('dnsbl', reportOf('ok')),
      named('license', reportOf('critical', 'no answer from 127.0.0.1:4433')),
      named('web', reportOf('warning', 'slow')),
    ]);
    expect(report.outcome.summary).toBe(
      '2 of 3 checks are not ok: license critical: no answer from 127.0.0.1:4433; web warning: slow',
    );
  });

  test('cuts a long reason, but no character in half', () => {
    const reason = `${'x'.repeat(199)}\u{1f600} and more`;
    const { summary } = combine([named('web', reportOf('critical', reason))]).outcome;
    expect(summary).toMatch(/x{199}$/);
  });

  test.each([
    [1, 'the one check is ok'],
    [3, 'all 3 checks are ok'],
  ])('of %d ok checks has this summary', (count, summary) => {
    const parts = Array.from({ length: count }, (_unused, index) =>
      named(`c${index}`, reportOf('ok')),
    );
    expect(combine(parts).outcome.summary).toBe(summary);
  });

  test('counts those that it does not name', () => {
    const parts = Array.from({ length: 72 }, (_unused, index) =>
      named(`c${index}`, reportOf('critical')),
    );
    const { summary } = combine(parts).outcome;
    expect(summary).toMatch(/^72 of 72 checks are not ok: c0 critical/);
    expect(summary).toMatch(/; and 52 more$/);
  });

  test('is drained when all that is not ok is drained', () => {
    const drained = (report: Report) => ({
      ...report,
      outcome: { ...report.outcome, isDraining: true },
    });
    const out = named('a', drained(reportOf('critical')));
    expect(combine([out, named('b', reportOf('ok'))]).outcome.isDraining).toBe(true);
    expect(combine([out, named('b', reportOf('critical'))]).outcome.isDraining).toBeUndefined();
  });

  test.each([
    [[404, 404], 404],
    [[404, 503], 503],
    [[404, undefined], 503],
  ] as const)('of drained parts with the codes %j has the code %d', (codes, code) => {
    const report = reportOf('critical');
    const parts = codes.map((drainCode, index) =>
      named(`c${index}`, {
        ...report,
        outcome: { ...report.outcome, isDraining: true, drainCode },
      }),
    );
    const { outcome } = combine([...parts, named('up', reportOf('ok'))]);
    expect(outcome).toMatchObject({ isDraining: true, drainCode: code });
  });

  test('takes as long as its slowest part, and holds them all', () => {
    const slow = reportOf('ok');
    const parts = [reportOf('ok'), { ...slow, time: { ...slow.time, value: 0.7 } }];
    expect(combine(parts)).toMatchObject({ time: { value: 0.7 }, parts });
  });

  test.each(statuses)('of one %s part has its status', (status) => {
    expect(combine([named('a', reportOf(status))]).outcome.status).toBe(status);
  });
});
