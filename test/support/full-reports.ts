import type { Metric, Outcome, Report } from '../../src/check/outcome.ts';
import { parsePerfdata } from '../../src/check/perfdata.ts';
import { reportOf, statuses } from './reports.ts';

/** What every probe may add to an outcome, with values and texts of every kind. */
const additions: readonly Partial<Outcome>[] = [
  {},
  { isDraining: true },
  {
    metrics: [
      { name: 'connect_time', value: 1e-7, unit: 's', help: 'A \\ and\na break' },
      { name: 'certificate_days', value: -0.5, help: 'Days', warning: '10:' },
      { name: 'queries', value: 1e21, unit: 'c', help: 'A counter' },
      { name: 'memory', value: 0, unit: 'B', help: 'A size' },
      { name: 'load', value: 12.5, unit: '%', help: 'A share' },
    ],
    facts: [
      { name: 'certificate_expiry', value: 1_900_000_000.5, help: 'Expiry' },
      { name: 'tls_version', value: 1, help: 'Version', labels: { version: 'TLS 1.3' } },
      { name: 'lookup_time', value: 0, unit: 's', help: 'Look-up' },
    ],
  },
  {
    metrics: ['a.example', 'b.example'].map(
      (zone): Metric => ({
        ...{ name: 'zone_age', value: 3, unit: 's', help: 'Age' },
        ...{ labels: { zone }, maximum: 9 },
      }),
    ),
  },
  {
    perfdata: parsePerfdata(
      `'a "b" \\ c'=1 größe=-2.5MB;1;2;3;4 'it''s {x="y"}'=1e30 😀=0c /=5% __proto__=1 a=1e-9us`,
    ),
  },
];

/** Reports of every status with all of these. */
export const fullReports: readonly Report[] = statuses.flatMap((status) =>
  additions.map((more) => {
    const report = reportOf(status, 'a "summary" of \\ bücher 😀');
    return { ...report, outcome: { ...report.outcome, ...more } };
  }),
);
