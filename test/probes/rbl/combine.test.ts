import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/check/outcome.ts';
import { run } from '../../../src/check/run.ts';
import { combine } from '../../../src/probes/rbl/combine.ts';

const refused: Outcome = { status: 'critical', summary: 'refused' };
const zonesOf = (count: number, name = (index: number) => `z${index}.test`) =>
  Array.from({ length: count }, (_, index) => name(index));

describe('several zones', () => {
  test('have the gravest status and all failures, the gravest first', () => {
    const outcomes = [
      { status: 'unknown', summary: 'not a time' },
      refused,
      { status: 'ok', summary: 'lists', metrics: [{ name: 'm', value: 1, help: 'h' }] },
    ] as const;
    expect(combine(['a', 'b', 'c'], outcomes)).toEqual({
      status: 'critical',
      summary: '2 of 3 zones failed: b: refused; a: not a time',
      metrics: [{ name: 'm', value: 1, help: 'h' }],
    });
  });

  test('of which few fail are named before the reason', () => {
    const zones = zonesOf(8);
    const { summary } = combine(zones, Array(8).fill(refused));
    expect(summary).toBe(`8 of 8 zones failed: ${zones.join(', ')}: refused`);
  });

  test('of which many fail give the reason first, and then some names', () => {
    const zones = zonesOf(60);
    const { summary } = combine(zones, Array(60).fill(refused));
    const named = zones.slice(0, 8).join(', ');
    expect(summary).toBe(`60 of 60 zones failed: refused: ${named} and 52 more`);
  });

  test('that are all ok are not all named when they are many', () => {
    const outcomes = Array<Outcome>(60).fill({ status: 'ok', summary: 'lists 127.0.0.2' });
    expect(combine(zonesOf(60), outcomes).summary).toMatch(
      /^lists 127.0.0.2: z0.test, .* and 52 more$/,
    );
  });

  test('that fail for many reasons are not all named', () => {
    const zones = zonesOf(60);
    const outcomes = zones.map((_, index): Outcome => ({ ...refused, summary: `reason ${index}` }));
    const { summary } = combine(zones, outcomes);
    expect(summary).toMatch(
      /^60 of 60 zones failed: z0.test: reason 0; .*z7.test: reason 7; and 52 more zones$/,
    );
  });

  test('with the longest names leave room for the reason', async () => {
    const longest = (index: number) =>
      `${`${'a'.repeat(61)}.`.repeat(4).slice(0, 245)}${100 + index}.test`;
    for (const count of [1, 2, 4, 60]) {
      const probe = async () => combine(zonesOf(count, longest), Array(count).fill(refused));
      const { outcome } = await run({ name: 'rbl', target: 'x', timeout: 5, probe });
      expect(outcome.summary).toContain('refused');
      expect(outcome.summary.length).toBeLessThan(700);
    }
  });
});
