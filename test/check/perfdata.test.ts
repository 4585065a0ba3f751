import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decimal,
  formatPerfdata,
  numberOf,
  type Perfdatum,
  parsePerfdata,
} from '../../src/check/perfdata.ts';

const none = {
  warning: undefined,
  critical: undefined,
  minimum: undefined,
  maximum: undefined,
};

describe('performance data', () => {
  test.each<[string, string, Partial<Perfdatum>]>([
    ['a value', 'load1=0.250', { label: 'load1', value: '0.250' }],
    ['a unit', 'time=0.002s', { label: 'time', value: '0.002', unit: 's' }],
    ['a unit of letters', 'size=3MB', { label: 'size', value: '3', unit: 'MB' }],
    ['a unit of micro', 'rta=5µs', { label: 'rta', value: '5', unit: 'µs' }],
    ['a unit that looks like an exponent', 'a=5EB', { label: 'a', value: '5', unit: 'EB' }],
    ['a rate', 'in=5b/s', { label: 'in', value: '5', unit: 'b/s' }],
    ['a share of a time', 'in=5/s', { label: 'in', value: '5', unit: '/s' }],
    ['degrees', 'temp=21.5°C', { label: 'temp', value: '21.5', unit: '°C' }],
    ['a degree sign of its own', 'temp=21.5℃', { label: 'temp', value: '21.5', unit: '℃' }],
    ['a volume by the hour', 'flow=3m³/h', { label: 'flow', value: '3', unit: 'm³/h' }],
    ['a volume in digits', 'flow=3m3/h', { label: 'flow', value: '3', unit: 'm3/h' }],
    ['ohms', 'r=3kΩ', { label: 'r', value: '3', unit: 'kΩ' }],
    ['money', 'cost=3€', { label: 'cost', value: '3', unit: '€' }],
    ['a power', 'g=9.8m/s^2', { label: 'g', value: '9.8', unit: 'm/s^2' }],
    ['a unit with a bracket', 'p=-60dB(m)', { label: 'p', value: '-60', unit: 'dB(m)' }],
    ['percent', 'used=12%', { label: 'used', value: '12', unit: '%' }],
    ['a counter', 'octets=99c', { label: 'octets', value: '99', unit: 'c' }],
    ['a counter above 2^53', 'n=9007199254740993c', { value: '9007199254740993', unit: 'c' }],
    ['a value that could not be told', 'a=U', { label: 'a', value: 'U' }],
    ['limits of such a value', 'a=U;1;2;0;3', { value: 'U', warning: '1', maximum: '3' }],
    ['a negative value', 't=-5', { label: 't', value: '-5' }],
    ['no digit before the point', 'a=.5', { label: 'a', value: '.5' }],
    ['no digit behind the point', 'a=5.', { label: 'a', value: '5.' }],
    ['an exponent', 'a=1e-10s', { label: 'a', value: '1e-10', unit: 's' }],
    ['a number too large', 'a=1e999', { label: 'a', value: '1e999' }],
    [
      'all limits',
      '/=2643MB;5948;5958;0;5968.50',
      {
        ...{ label: '/', value: '2643', unit: 'MB' },
        ...{ warning: '5948', critical: '5958', minimum: '0', maximum: '5968.50' },
      },
    ],
    [
      'limits that are ranges',
      'a=1;@10:20;~:5',
      { label: 'a', value: '1', warning: '@10:20', critical: '~:5' },
    ],
    ['some limits', 'a=1;;;0', { label: 'a', value: '1', minimum: '0' }],
    ['limits too many', 'a=1;2;3;4;5;6', { label: 'a', warning: '2', maximum: '5' }],
    ['limits that are none', 'a=1;x|y;z;Infinity;0x10', { label: 'a', value: '1' }],
    ['a label in quotes', "'free space'=1", { label: 'free space', value: '1' }],
    ['a label with a quote', "'it''s'=1", { label: "it's", value: '1' }],
    ['a label with a semicolon and a bar', "'a;b|c'=1", { label: 'a;b|c', value: '1' }],
    ['a label of another script', 'größe=1', { label: 'größe', value: '1' }],
    ['a label of Object', '__proto__=1', { label: '__proto__', value: '1' }],
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
    ['a word for a value', 'a=Unknown'],
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
    ['an exponent without a number', 'a=1e+ a=1E-s'],
    ['a ratio', 'a=1/2'],
    ['digits in groups', 'a=1_000'],
    ['an unbounded unit', `a=1${'m'.repeat(21)}`],
    ['no number', 'a=NaN b=Infinity'],
    ['a blank before its value', 'a= 1'],
  ])('with %s is left out, and hides no other: %s', (_what, text) => {
    const rest = parsePerfdata(`before=1 ${text}\nafter=2`).map(({ label }) => label);
    expect(rest).toEqual(['before', 'after']);
  });

  test('has the last value of a label that comes twice', () => {
    expect(parsePerfdata('a=1 a=2').map(({ value }) => value)).toEqual(['2']);
  });

  const digits = fc.oneof(
    fc.constantFrom('0', '-0.50', '1e-10', '9007199254740993', '.5', '5.', '007', '1E+20', 'U'),
    fc.integer({ min: -1e9, max: 1e9 }).map((number) => `${number / 1e6}`),
    fc.bigInt().map(String),
  );
  const bound = fc.option(
    digits.filter((text) => text !== 'U'),
    { nil: undefined },
  );
  const range = fc.option(fc.constantFrom('10', '10:', '~:10', '10:20', '@1.5:2'), {
    nil: undefined,
  });
  const datum: fc.Arbitrary<Perfdatum> = fc
    .record({
      label: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
        .map((text) => text.replace(/[=|\p{Cc}\p{Zl}\p{Zp}]/gu, '_')),
      value: digits,
      unit: fc.constantFrom('', 's', 'ms', '%', 'c', 'KB', 'b/s', '°C', 'm³/h'),
      ...{ warning: range, critical: range, minimum: bound, maximum: bound },
    })
    .map((one) => (one.value === 'U' ? { ...one, unit: '' } : one));
  const data = fc.uniqueArray(datum, { selector: ({ label }) => label, maxLength: 8 });

  test('is the same after it was written and read', () => {
    fc.assert(
      fc.property(data, (data) => {
        const text = formatPerfdata(data);
        expect(text).not.toMatch(/[|\n]/);
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
        for (const { label, value, unit } of parsePerfdata(text)) {
          expect(text.replaceAll("''", "'")).toContain(label);
          expect(text).toContain(`=${value}${unit}`);
          expect(value).toMatch(/^(U|[-.\deE]+)$/);
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
  ['letters and digits of a unit', `a=1${'m3'.repeat(long / 2)}`],
])('much of %s is read at once', (_what, text) => {
  const start = performance.now();
  parsePerfdata(text);
  expect(performance.now() - start).toBeLessThan(500);
});

describe('a number of lbcheck is written', () => {
  test.each([
    [1e21, '1000000000000000000000'],
    [1e-9, '0.000000001'],
    [1e-12, '0'],
    [-0, '0'],
    [-12.5, '-12.5'],
    [0.1 + 0.2, '0.3'],
    [100, '100'],
  ])('without an exponent: %d as %s', (value, text) => {
    expect(decimal(value)).toBe(text);
  });
});

test.each([
  ['1e-10', 1e-10],
  ['.5', 0.5],
  ['5.', 5],
  ['U', Number.NaN],
  ['-1e999', Number.NEGATIVE_INFINITY],
])('%s is the number %d', (value, number) => {
  expect(numberOf({ label: 'a', value, unit: '' })).toBe(number);
});
