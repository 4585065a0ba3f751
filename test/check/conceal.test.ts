import { describe, expect, test } from 'vitest';
import { callByLabel, concealer } from '../../src/check/conceal.ts';
import type { Metric } from '../../src/check/outcome.ts';

const zoneAge = (zone: string): Metric => ({
  ...{ name: 'zone_age', value: 3, unit: 's', help: 'Age' },
  labels: { zone },
});

describe('a label', () => {
  test('begins the summary', () => {
    const outcome = { status: 'critical', summary: 'no answer' } as const;
    expect(callByLabel(outcome, 'paid', [])).toEqual({ ...outcome, summary: 'paid: no answer' });
  });

  test('stands once where the summary begins with the one name', () => {
    const outcome = { status: 'ok', summary: 'k.example: lists 127.0.0.2' } as const;
    expect(callByLabel(outcome, 'paid', ['k.example']).summary).toBe('paid: lists 127.0.0.2');
  });

  test('stands in the labels of metrics and facts, whose other parts stay', () => {
    const [one, two] = [zoneAge('a.example'), zoneAge('b.example')];
    const outcome = { status: 'ok', summary: '', metrics: [one, two], facts: [one] } as const;
    const names = ['a.example', 'b.example'];
    expect(callByLabel(outcome, 'paid', names)).toMatchObject({
      metrics: [zoneAge('paid/1'), zoneAge('paid/2')],
      facts: [zoneAge('paid/1')],
    });
  });
});

describe('a name that a label hides', () => {
  test.each([
    ['k.example: no answer', 'paid: no answer'],
    ['alias for 2.0.0.127.K.Example., which', 'alias for 2.0.0.127.paid., which'],
    ["'k.example' and k.example", "'paid' and paid"],
    ['kxexample and k.examples and my-k.example', 'kxexample and k.examples and my-k.example'],
  ])('is replaced as a whole: %s', (text, hidden) => {
    expect(concealer('paid', ['k.example'])(text)).toBe(hidden);
  });

  test('may be part of another one', () => {
    const hide = concealer('paid', ['k.example', 'a.k.example']);
    expect(hide('k.example, a.k.example')).toBe('paid/1, paid/2');
  });

  test('may have any characters, and so may the label', () => {
    expect(concealer('$& $1', ['a+(b'])("'a+(b'")).toBe("'$& $1'");
  });
});
