import { describe, expect, test } from 'vitest';
import { recordHistory, stateOf } from '../../src/check/history.ts';
import { reportOf } from '../support/reports.ts';

const drained = (() => {
  const report = reportOf('critical', 'drained: /run/drain exists');
  return { ...report, outcome: { ...report.outcome, isDraining: true } };
})();

describe('the history of a check', () => {
  test('has a change for each new state, the latest first', () => {
    const history = recordHistory();
    const results = [reportOf('ok'), reportOf('ok'), reportOf('critical', 'no answer')].map(
      (report) => history.record(report),
    );
    expect(results.map(({ hasChanged }) => hasChanged)).toEqual([true, false, true]);
    expect(results[2]?.history).toMatchObject([
      { state: 'critical', summary: 'no answer' },
      { state: 'ok' },
    ]);
  });

  test('tells a drained check from a critical one', () => {
    expect(stateOf(drained)).toBe('drained');
    const history = recordHistory();
    history.record(reportOf('critical'));
    expect(history.record(drained).hasChanged).toBe(true);
  });

  test('remembers the last 20 changes', () => {
    const history = recordHistory();
    const statuses = ['ok', 'critical'] as const;
    let last = history.record(reportOf('ok'));
    for (let count = 1; count <= 50; count += 1) {
      last = history.record(reportOf(statuses[count % 2] ?? 'ok'));
    }
    expect(last.history).toHaveLength(20);
    expect(last.history[0]?.state).toBe('ok');
  });
});
