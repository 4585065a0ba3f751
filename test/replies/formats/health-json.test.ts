import { describe, expect, test } from 'vitest';
import type { Metric, Outcome } from '../../../src/check/outcome.ts';
import { healthDocument } from '../../../src/replies/formats/health-json.ts';
import { fullReports } from '../../support/full-reports.ts';
import { readHealth } from '../../support/health-schema.ts';
import { reportOf } from '../../support/reports.ts';

const startedAt = new Date('2026-11-21T12:00:00.123Z');
const who = { componentType: 'component', time: '2026-11-21T12:00:00.123Z' };

/** The document of an outcome whose run took a millisecond. */
function documentOf(outcome: Outcome, target = '127.0.0.1:53') {
  return readHealth(healthDocument({ ...reportOf('ok'), target, startedAt, outcome }));
}

describe('a health document', () => {
  test('keeps to the schema on one line, whatever was found', () => {
    for (const report of fullReports) {
      const { output, description } = readHealth(healthDocument(report));
      expect(output).toBe(report.outcome.summary);
      expect(description).toBe('rbl 127.0.0.1:53');
    }
  });

  test('tells what a check that passed has found', () => {
    expect(documentOf({ status: 'ok', summary: 'lists' })).toEqual({
      status: 'pass',
      description: 'rbl 127.0.0.1:53',
      output: 'lists',
      checks: {
        'rbl:status': [
          { componentId: '127.0.0.1:53', observedValue: 'ok', status: 'pass', ...who },
        ],
        'rbl:responseTime': [
          { componentId: '127.0.0.1:53', observedValue: 0.001, observedUnit: 's', ...who },
        ],
      },
    });
  });

  test.each([
    [{ status: 'warning', summary: '' }, 'warn', 'warning'],
    [{ status: 'critical', summary: '' }, 'fail', 'critical'],
    [{ status: 'unknown', summary: '' }, 'fail', 'unknown'],
    [{ status: 'critical', summary: '', isDraining: true }, 'fail', 'drain'],
  ] as const)('of %j has the status %s, and the value %s', (outcome, status, observedValue) => {
    const document = documentOf(outcome);
    expect(document.status).toBe(status);
    expect(document.checks['rbl:status']).toMatchObject([{ status, observedValue }]);
  });

  test.each([
    ['was not made', { status: 'unknown', summary: '' }],
    ['was not asked', { status: 'critical', summary: '', isDraining: true }],
  ] as const)('has no time of a check that %s', (_what, outcome) => {
    expect(documentOf(outcome).checks).not.toHaveProperty('rbl:responseTime');
  });

  test('has every metric under its name, and those with labels by them', () => {
    const metric = (name: string, more: Partial<Metric> = {}): Metric => ({
      ...{ name, value: 1, help: '' },
      ...more,
    });
    const metrics = [
      metric('certificate_days'),
      metric('zone_age', { unit: 's', labels: { zone: 'a.example' } }),
      metric('zone_age', { unit: 's', labels: { zone: 'b.example' } }),
      metric('queries', { unit: 'c' }),
    ];
    const { checks } = documentOf({ status: 'ok', summary: '', metrics });
    expect(checks).toMatchObject({
      'rbl:certificateDays': [{ componentId: '127.0.0.1:53', observedValue: 1 }],
      'rbl:zoneAge': [
        { componentId: 'a.example', observedValue: 1, observedUnit: 's' },
        { componentId: 'b.example', observedValue: 1, observedUnit: 's' },
      ],
    });
    expect(checks['rbl:queries']?.[0]).not.toHaveProperty('observedUnit');
  });

  test("has a plugin's performance data by its labels, in its own units", () => {
    const perfdata = [
      { label: 'free space', value: '2.0', unit: 'MB' },
      { label: 'octets', value: '3', unit: 'c' },
      { label: 'total', value: '9007199254740993', unit: 'c' },
      { label: 'flow', value: '1e-10', unit: 'm³/h' },
      { label: 'load', value: 'U', unit: '' },
      { label: 'huge', value: '1e999', unit: '' },
    ];
    const { checks } = documentOf({ status: 'ok', summary: '', perfdata });
    expect(checks['rbl:perfdata']).toEqual([
      { componentId: 'free space', observedValue: 2, observedUnit: 'MB', ...who },
      { componentId: 'octets', observedValue: 3, ...who },
      // Values that a number in JSON would change, or cannot express.
      { componentId: 'total', observedValue: '9007199254740993', ...who },
      { componentId: 'flow', observedValue: 1e-10, observedUnit: 'm³/h', ...who },
      { componentId: 'load', observedValue: 'U', ...who },
      { componentId: 'huge', observedValue: '1e999', ...who },
    ]);
  });

  test('of a check without a target has no blank at the end of its description', () => {
    expect(documentOf({ status: 'unknown', summary: 'wrong usage' }, '').description).toBe('rbl');
  });
});
