import { describe, expect, test } from 'vitest';
import type { Metric } from '../../../src/check/outcome.ts';
import { exposition } from '../../../src/replies/formats/exposition.ts';
import { lbcheck } from '../../support/executable.ts';
import { fullReports } from '../../support/full-reports.ts';
import { reportOf, statuses } from '../../support/reports.ts';

/** All lines of a document that are samples. */
const samples = (text: string) => text.split('\n').filter((line) => /^[^#]/.test(line));

/** The samples of a report with these metrics. */
const samplesOf = (...metrics: readonly Metric[]) => {
  const report = reportOf('ok');
  return samples(exposition({ ...report, outcome: { ...report.outcome, metrics } }));
};

const metric = (more: Partial<Metric>): Metric => ({ name: 'm', value: 1, help: 'Help', ...more });

describe('an exposition', () => {
  test.each(statuses)(
    'of any report that is %s has nothing that promtool objects to',
    async (status) => {
      const reports = fullReports.filter(({ outcome }) => outcome.status === status);
      for (const labels of [{}, { probe: 'rbl', target: '[::1]:53 "\\' }]) {
        const texts = reports.map((report) => exposition(report, () => labels));
        const checks = texts.map((input) =>
          lbcheck(['check', 'metrics'], { command: 'promtool', input }),
        );
        for (const check of await Promise.all(checks)) {
          expect(check).toEqual({ code: 0, stdout: '', stderr: '' });
        }
      }
    },
  );

  test.each([
    ['ok', 1],
    ['warning', 1],
    ['critical', 0],
    ['unknown', 0],
  ] as const)('of %s has probe_success %i, and the status as a label', (status, success) => {
    const lines = samples(exposition(reportOf(status)));
    expect(lines).toContain(`probe_success ${success}`);
    expect(lines.filter((line) => line.startsWith('lbcheck_status'))).toEqual(
      statuses.map((word) => `lbcheck_status{status="${word}"} ${Number(word === status)}`),
    );
  });

  test('tells whether the check is drained', () => {
    const report = reportOf('critical');
    const drained = { ...report, outcome: { ...report.outcome, isDraining: true } };
    expect(samples(exposition(report))).toContain('lbcheck_draining 0');
    expect(samples(exposition(drained))).toContain('lbcheck_draining 1');
  });

  test.each<[Partial<Metric>, string]>([
    [{ name: 'lookup_time', unit: 's' }, 'probe_dns_lookup_time_seconds 1'],
    [{ name: 'zone_serial', labels: { zone: 'z' } }, 'probe_dns_serial{zone="z"} 1'],
    [{ name: 'certificate_expiry' }, 'probe_ssl_earliest_cert_expiry 1'],
    [
      { name: 'tls_version', labels: { version: 'TLS 1.3' } },
      'probe_tls_version_info{version="TLS 1.3"} 1',
    ],
    [{ name: 'tls_cipher', labels: { cipher: 'x' } }, 'probe_tls_cipher_info{cipher="x"} 1'],
    [{ name: 'zone_age', unit: 's' }, 'lbcheck_zone_age_seconds 1'],
    [{ unit: 'B' }, 'lbcheck_m_bytes 1'],
    [{ unit: '%' }, 'lbcheck_m_percent 1'],
    [{ unit: 'c' }, 'lbcheck_m_total 1'],
    [{ value: 1e21 }, 'lbcheck_m 1e+21'],
    [{ value: 1e-7 }, 'lbcheck_m 1e-7'],
    [{ labels: { of: 'a"b\\c\nd' } }, 'lbcheck_m{of="a\\"b\\\\c\\nd"} 1'],
  ])("has blackbox_exporter's name where there is one, and Prometheus' units: %j", (more, line) => {
    expect(samplesOf(metric(more))).toContain(line);
  });

  test('leaves days to the moment that the certificate expires', () => {
    expect(samplesOf(metric({ name: 'certificate_days' })).join('\n')).not.toMatch('days');
  });

  test('has its labels on every sample', () => {
    const lines = samples(exposition(reportOf('ok'), () => ({ probe: 'rbl', target: 'a:53' })));
    expect(lines.every((line) => /^[a-z_]+\{probe="rbl",target="a:53"[,}]/.test(line))).toBe(true);
  });

  test('has no sample twice', () => {
    for (const report of fullReports) {
      const names = samples(exposition(report)).map((line) => line.replace(/ [^ ]+$/, ''));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
