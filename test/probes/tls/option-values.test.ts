import { describe, expect, test } from 'vitest';
import { parseAlpn, parseDays } from '../../../src/probes/tls/option-values.ts';

describe('the days of a certificate', () => {
  test.each<[string, number, number | undefined]>([
    ['30', 30, undefined],
    ['30,7', 30, 7],
    ['0', 0, undefined],
    ['12h', 0.5, undefined],
    ['7d,12h', 7, 0.5],
    ['2,48h', 2, 2],
  ])('%s', (text, warning, critical) => {
    expect(parseDays(text)).toEqual({ warning, critical });
  });

  test.each(['', '7,30', '12h,1', 'soon', '-1', '30,', '1.5', '12m', '123456', ' 1'])(
    '%j are refused',
    (text) => {
      expect(() => parseDays(text)).toThrow('whole days or hours');
    },
  );
});

describe('the names of ALPN', () => {
  test('are a list', () => {
    expect(parseAlpn('h2')).toEqual(['h2']);
    expect(parseAlpn('h2,http/1.1')).toEqual(['h2', 'http/1.1']);
  });

  test.each(['', ',', 'h2,', 'a b', 'é', 'x'.repeat(256)])('%j are refused', (text) => {
    expect(() => parseAlpn(text)).toThrow('names of protocols');
  });
});
