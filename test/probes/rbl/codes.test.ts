import { describe, expect, test } from 'vitest';
import { isExpected, parseCodes } from '../../../src/probes/rbl/codes.ts';

describe('expected codes', () => {
  test.each([
    ['127.0.0.2', '127.0.0.2', true],
    ['127.0.0.2', '127.0.0.3', false],
    ['127.0.0.2,127.0.0.4', '127.0.0.4', true],
    ['127.0.0.0/24', '127.0.0.200', true],
    ['127.0.0.0/24', '127.0.1.0', false],
    ['127.0.0.77/24', '127.0.0.1', true],
    ['127.0.0.0/30,127.1.0.0/16', '127.1.2.3', true],
    ['127.0.0.0/8', '127.255.0.1', true],
    ['127.0.0.0/8', '128.0.0.1', false],
    ['127.0.0.0/31', '127.0.0.2', false],
  ])('%s and %s: %s', (codes, address, isAmong) => {
    expect(isExpected(address, parseCodes(codes))).toBe(isAmong);
  });

  test.each([
    '',
    '127.0.0.2,',
    '127.0.0',
    '127.0.0.02',
    '127.0.0.2/33',
    '127.0.0.0/7',
    '127.0.0.0/',
    '10.0.0.2',
    '127.0.0.1',
    '127.255.255.254',
    '127.0.1.255',
    '::1',
    '127.0.0.2 127.0.0.3',
  ])('are not %j', (text) => {
    expect(() => parseCodes(text)).toThrow('Allowed are addresses in 127.0.0.0/8');
  });
});
