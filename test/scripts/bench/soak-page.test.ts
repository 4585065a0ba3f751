import { describe, expect, test } from 'vitest';
import { keepSoak, type SoakRow, withSoak } from '../../../scripts/bench/soak-page.ts';

const page = '# What a check costs\n\n| a | b |\n\n## How it was measured\n\nOn a machine.\n';
const row: SoakRow = {
  ...{ name: 'lbcheck resident (Node)', answers: 1000, errors: 0, runs: 100, questions: 201 },
  ...{ memory: 65_432_100, descriptors: 20 },
};

test('a long load has its place before the description, in full figures', () => {
  const written = withSoak(page, [row], 32);
  expect(written).toMatch(/^# What a check costs\n\n\| a \| b \|\n\n<!-- .*\n## A long load\n/);
  expect(written).toMatch(/ -->\n\n## How it was measured\n\nOn a machine\.\n$/);
  expect(written).toMatch(/\| +1000 \| +0 \| +100 \| +201 \| +1 \| 65\.4 MB \| +20 \|/);
});

describe('a second time', () => {
  test('the result of a long load replaces the first one', () => {
    const first = withSoak(page, [row], 32);
    const second = withSoak(first, [{ ...row, answers: 2000 }], 32);
    expect(second).toBe(first.replace('1000', '2000'));
  });

  test('the benchmark keeps the result of the long load', () => {
    const written = withSoak(page, [row], 32);
    const next = page.replace('| a | b |', '| c | d |');
    expect(keepSoak(next, written)).toBe(written.replace('| a | b |', '| c | d |'));
    expect(keepSoak(next, page)).toBe(next);
    expect(keepSoak(next, '')).toBe(next);
  });
});

test('a page without a description is not written', () => {
  expect(() => withSoak('# Other\n', [row], 32)).toThrow('no heading "How it was measured"');
});
