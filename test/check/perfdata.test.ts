import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPerfdata, type Perfdatum, parsePerfdata } from '../../src/check/perfdata.ts';

const none = {
  warning: undefined,
  critical: undefined,
  minimum: undefined,
  maximum: undefined,
};

describe('performance data', () => {
  test.each<[string, string, Partial<Perfdatum>]>([
    ['a value', 'load1=0.250', { label: 'load1', value: 0.25 }],
    ['a unit', 'time=0.002s', { label: 'time', value: 0.002, unit: 's' }],
    ['a unit of letters', 'size=3MB', { label: 'size', value: 3, unit: 'MB' }],
    ['a unit of micro', 'rta=5µs', { label: 'rta', value: 5, unit: 'µs' }],
    ['a unit that looks like an exponent', 'disk=5EB', { label: 'disk', value: 5, unit: 'EB' }],
    ['percent', 'used=12%', { label: 'used', value: 12, unit: '%' }],
    ['a counter', 'octets=99c', { label: 'octets', value: 99, unit: 'c' }],
    ['a negative value', 't=-5', { label: 't', value: -5 }],
    ['no digit before the point', 'a=.5', { label: 'a', value: 0.5 }],
    ['no digit behind the point', 'a=5.', { label: 'a', value: 5 }],
    ['an exponent', 'a=1e-07s', { label: 'a', value: 1e-7, unit: 's' }],
    [
      'all limits',
      '/=2643MB;5948;5958;0;5968',
      {
        ...{ label: '/', value: 2643, unit: 'MB' },
        ...{ warning: '5948', critical: '5958', minimum: 0, maximum: 5968 },
      },
    ],
    [
      'limits that are ranges',
      'a=1;@10:20;~:5',
      { label: 'a', value: 1, warning: '@10:20', critical: '~:5' },
    ],
    ['some limits', 'a=1;;;0', { label: 'a', value: 1, minimum: 0 }],
    ['limits too many', 'a=1;2;3;4;5;6', { label: 'a', warning: '2', maximum: 5 }],
    ['limits that are none', 'a=1;x|y;z;Infinity;0x10', { label: 'a', value: 1 }],
    ['a label in quotes', "'free space'=1", { label: 'free space', value: 1 }],
    ['a label with a quote', "'it''s'=1", { label: "it's", value: 1 }],
    ['a label with a semicolon and a bar', "'a;b|c'=1", { label: 'a;b|c', value: 1 }],
    ['a label of another script', 'größe=1', { label: 'größe', value: 1 }],
    ['a label of Object', '__proto__=1', { label: '__proto__', value: 1 }],
  ])('has %s: %s', (_what, text, datum) => {
    const limits = 'warning' in datum || 'minimum' in datum ? {} : none;
    expect(parsePerfdata(text)).toEqual([
      expect.objectContaining({ unit: '', ...limits, ...datum }),
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no value', 'a'],
    ['an empty value', 'a='],
    ['a value that could not be told', 'a=U'],
    ['no label', '=1'],
    ['an empty label in quotes', "''=1"],
    ['a label that is not closed', "'a=1"],
    ['a label with an equals sign', "'a=b'=1"],
    ['a quote inside of a label', "a'b=1"],
    ['a control character in its label', "'a\x1b[31m'=1"],
    ['a decimal comma', 'a=1,5s'],
    ['two points', 'a=1.2.3'],
    ['a plus', 'a=+1'],
    ['a hexadecimal number', 'a=0x10'],
    ['no number', 'a=NaN b=Infinity'],
    ['a number too large', 'a=1e999'],
    ['a unit with signs', 'a=1m/s'],
    ['a blank before its value', 'a= 1'],
  ])('with %s is left out, and hides no other: %s', (_what, text) => {
    const rest = parsePerfdata(`before=1 ${text}\nafter=2`).map(({ label }) => label);
    expect(rest).toEqual(['before', 'after']);
  });

  test('has the last value of a label that comes twice', () => {
    expect(parsePerfdata('a=1 a=2').map(({ value }) => value)).toEqual([2]);
  });

  const bound = fc.option(fc.integer({ min: -1e9, max: 1e9 }), { nil: undefined });
  const range = fc.option(fc.constantFrom('10', '10:', '~:10', '10:20', '@1.5:2'), {
    nil: undefined,
  });
  const datum: fc.Arbitrary<Perfdatum> = fc.record({
    label: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => text.replace(/[=|\p{Cc}\p{Zl}\p{Zp}]/gu, '_')),
    value: fc.oneof(
      fc.integer({ min: -1e9, max: 1e9 }).map((number) => number / 1e6),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => Math.round(number) + 0),
    ),
    unit: fc.constantFrom('', 's', 'ms', '%', 'c', 'KB'),
    ...{ warning: range, critical: range, minimum: bound, maximum: bound },
  });
  const data = fc.uniqueArray(datum, { selector: ({ label }) => label, maxLength: 8 });

  test('is the same after it was written and read', () => {
    fc.assert(
      fc.property(data, (data) => {
        const text = formatPerfdata(data);
        expect(text).not.toMatch(/[|\n]|\de[+-]?\d/);
        expect(parsePerfdata(text)).toEqual(data);
      }),
    );
  });

  test('is never a number or a unit that nobody wrote, whatever the text', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'\'" =;:@~.-0159eEUs%|\n\\µ'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, (text) => {
        for (const { label, value } of parsePerfdata(text)) {
          expect(text.replaceAll("''", "'")).toContain(label);
          expect(Number.isFinite(value)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** As much as a plugin may print. */
const long = 65_000;

test.each([
  ['digits', `a=${'0'.repeat(long)}!`],
  ['digits of a limit', `a=1;${'0'.repeat(long)}!`],
  ['semicolons', `a=1${';'.repeat(long)}x`],
  ['quotes', "'".repeat(long + 1)],
  ['quotes that nothing closes', `'${"a'' ".repeat(long / 4)}=`],
  ['labels without a value', 'a '.repeat(long / 2)],
  ['one label', `${'a'.repeat(long)} =1`],
  ['letters of a unit', `a=1${'s'.repeat(long)}`],
])('much of %s is read in no time', (_what, text) => {
  const start = performance.now();
  parsePerfdata(text);
  expect(performance.now() - start).toBeLessThan(500);
});

describe('a number is written', () => {
  test.each([
    [1e21, '1000000000000000000000'],
    [1e-9, '0.000000001'],
    [1e-12, '0'],
    [-0, '0'],
    [-12.5, '-12.5'],
    [0.1 + 0.2, '0.3'],
    [100, '100'],
  ])('without an exponent: %d as %s', (value, text) => {
    expect(formatPerfdata([{ label: 'a', value, unit: '' }])).toBe(`a=${text}`);
  });
});
