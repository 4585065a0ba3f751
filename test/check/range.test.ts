import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/check/invalid-argument.ts';
import { alerts, parseRange } from '../../src/check/range.ts';

describe('a range alerts', () => {
  // The table of the Monitoring Plugins guidelines, and the bounds of each row.
  test.each<[string, readonly number[], readonly number[]]>([
    ['10', [-0.001, 10.001], [0, 5, 10]],
    ['10:', [-1, 9.999], [10, 1e9]],
    ['~:10', [10.001, 1e9], [-1e9, 0, 10]],
    ['10:20', [9.999, 20.001], [10, 15, 20]],
    ['@10:20', [10, 15, 20], [9.999, 20.001]],
    ['@10', [0, 5, 10], [-0.001, 10.001]],
    ['0:10', [-0.001, 10.001], [0, 10]],
    [':10', [-0.001, 10.001], [0, 10]],
    ['-5:-1', [-5.001, 0], [-5, -1]],
    ['.5', [0.501], [0, 0.5]],
    ['0.25:1.5', [0.249, 1.501], [0.25, 1.5]],
    ['0', [0.001, -0.001], [0]],
    ['@~:', [-1e9, 0, 1e9], []],
    ['10:10', [9, 11], [10]],
  ])('%s', (text, alerting, quiet) => {
    const range = parseRange(text);
    expect(alerting.filter((value) => !alerts(range, value))).toEqual([]);
    expect(quiet.filter((value) => alerts(range, value))).toEqual([]);
  });

  test('by the same bounds, inside or outside', () => {
    const bounds = fc.tuple(fc.integer(), fc.nat(1000));
    fc.assert(
      fc.property(bounds, fc.integer(), ([start, length], value) => {
        const text = `${start}:${start + length}`;
        const isWithin = value >= start && value <= start + length;
        expect(alerts(parseRange(text), value)).toBe(!isWithin);
        expect(alerts(parseRange(`@${text}`), value)).toBe(isWithin);
      }),
    );
  });
});

test('a range keeps the text it was written as', () => {
  expect(parseRange('@010:20.0').text).toBe('@010:20.0');
});

describe('a range is not', () => {
  test.each([
    '',
    '@',
    ':',
    '@:',
    '~',
    '~10',
    '10:~',
    '20:10',
    '-5',
    'ten',
    '1e3',
    '0x10',
    '1,5',
    '1.5.2',
    '.',
    ' 10',
    '10 ',
    '10\n',
    '10:20:30',
    '@@10',
    '10@20',
    'NaN',
    'Infinity',
  ])('%j', (text) => {
    expect(() => parseRange(text)).toThrow(InvalidArgumentError);
  });

  test('anything that would hold a bound that is no number', () => {
    const text = fc.string({ unit: fc.constantFrom(...'@~:+-.019'), maxLength: 8 });
    fc.assert(
      fc.property(text, (text) => {
        let range: ReturnType<typeof parseRange>;
        try {
          range = parseRange(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
          return;
        }
        expect(range.start).toBeLessThanOrEqual(range.end);
      }),
      { numRuns: 1000 },
    );
  });
});
