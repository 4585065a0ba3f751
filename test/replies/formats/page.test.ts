import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { combine } from '../../../src/check/combine.ts';
import type { CheckState } from '../../../src/check/history.ts';
import type { Report } from '../../../src/check/outcome.ts';
import { page, pagePolicy } from '../../../src/replies/formats/page.ts';
import { reportOf, statuses } from '../../support/reports.ts';

const hostile = `<script>alert("1")</script>&'`;
const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;';

/** A report with a name and so many changes, an hour apart. */
function withHistory(name: string, status: Report['outcome']['status'], count = 20): Report {
  const states: readonly CheckState[] = ['ok', 'critical'];
  const history = Array.from({ length: count }, (_unused, index) => ({
    state: states[index % 2] ?? 'ok',
    at: new Date(Date.now() - (index + 1) * 3_600_000),
    summary: 'a summary',
  }));
  return { ...reportOf(status), name, history };
}

describe('the page', () => {
  test.each(statuses)('of one %s check has its verdict, reason and state', (status) => {
    const html = page(withHistory('dnsbl', status), 'RBL is running.');
    expect(html).toContain('<h1 class=');
    expect(html).toContain('>RBL is running.</h1>\n<p>a summary</p>');
    expect(html).toContain(`<b>${status.toUpperCase()}</b> dnsbl`);
  });

  test('shows a drained check as drained', () => {
    const report = withHistory('dnsbl', 'critical');
    const drained = { ...report, outcome: { ...report.outcome, isDraining: true } };
    expect(page(drained, 'RBL is drained.')).toContain('<b>DRAINED</b> dnsbl');
  });

  test('escapes all text that it shows', () => {
    const report: Report = {
      ...reportOf('critical', hostile),
      probe: 'tls',
      target: hostile,
      label: hostile,
      name: hostile,
      outcome: {
        ...{ status: 'critical', summary: hostile },
        metrics: [{ name: hostile, value: 1, help: hostile, labels: { zone: hostile } }],
      },
    };
    for (const html of [page(report, hostile), page(combine([report, report]), hostile)]) {
      expect(html).not.toContain('<script');
      expect(html).toContain(escaped);
      expect(html).not.toMatch(/(?:href|aria-label)="[^"]*[<>]/);
    }
  });

  test('needs no script and nothing from elsewhere', () => {
    const html = page(withHistory('dnsbl', 'ok'), 'RBL is running.');
    expect(html).not.toMatch(/<script|<link|<img|<iframe| on[a-z]+=|src=|@import|url\(/i);
    expect(html).toContain('<meta http-equiv="refresh" content="5">');
  });

  test('has a policy that allows its own style sheet alone', async () => {
    const html = page(withHistory('dnsbl', 'ok'), 'RBL is running.');
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = await pagePolicy();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).not.toContain('unsafe');
  });

  test('tells since when, and shows the last changes', () => {
    const html = page(withHistory('dnsbl', 'ok', 3), 'RBL is running.');
    expect(html).toMatch(/since <time datetime="[^"]+">1h<\/time>/);
    expect(
      html.match(/<li class="(?:ok|critical)">(?:ok|critical) \d\d:\d\d:\d\d<\/li>/g),
    ).toHaveLength(3);
  });

  test('of 50 checks has at most 30 KB, the gravest first', () => {
    const parts = Array.from({ length: 50 }, (_unused, index) =>
      withHistory(`service-number-${index}`, index === 37 ? 'critical' : 'ok'),
    );
    const html = page(combine(parts), 'CHECKS is not running or not accessible.');
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
    expect(html.indexOf('service-number-37')).toBeLessThan(html.indexOf('service-number-0<'));
  });

  test('of 10,000 checks counts those that it does not show', () => {
    const parts = Array.from({ length: 10_000 }, (_unused, index) =>
      withHistory(`service-${index}`, 'critical'),
    );
    const html = page(combine(parts), 'CHECKS is not running or not accessible.');
    expect(Buffer.byteLength(html)).toBeLessThan(40_000);
    expect(html).toContain('And 9950 more');
  });
});
