import { describe, expect, test } from 'vitest';
import { seriesTarget } from '../../../src/replies/formats/series-target.ts';
import { reportOf } from '../../support/reports.ts';

const report = reportOf('ok');

describe('the target of a time series', () => {
  test.each([
    ['', '127.0.0.1:53'],
    ['a.example --max-age 2h', '127.0.0.1:53 a.example --max-age 2h'],
  ])('has the other options of the command line: %j', (text, target) => {
    expect(seriesTarget({ ...report, variant: { text } })).toBe(target);
  });

  test('stands alone beside a label', () => {
    const labelled = { ...report, label: 'paid', variant: { text: 'k.example', secret: 'x' } };
    expect(seriesTarget(labelled)).toBe('127.0.0.1:53');
  });

  test('has no fingerprint beside the name of a check, since hundreds of them would take seconds', () => {
    const start = performance.now();
    for (let index = 0; index < 500; index += 1) {
      const variant = { text: '', secret: `-p ${index}` };
      expect(seriesTarget({ ...report, name: `check${index}`, variant })).toBe('127.0.0.1:53');
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('tells secrets apart, always in the same way, and shows none', () => {
    const of = (secret: string) => seriesTarget({ ...report, variant: { text: '', secret } });
    expect(of('-p hunter2')).toMatch(/^127\.0\.0\.1:53 #[0-9a-f]{8}$/);
    expect(of('-p hunter2')).toBe(of('-p hunter2'));
    expect(of('-p hunter2')).not.toBe(of('-p hunter3'));
  });
});
