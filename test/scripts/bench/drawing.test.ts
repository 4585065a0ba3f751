import { expect, test } from 'vitest';
import { chart } from '../../../scripts/bench/chart.ts';
import { table } from '../../../scripts/bench/table.ts';

test('a table is Markdown, with names to the left and figures to the right', () => {
  const rows = [
    ['lbcheck', '9.5 ms'],
    ['sh', '120.0 ms'],
  ];
  expect(table(['name', 'time'], rows)).toBe(`\
| name    |     time |
| ------- | -------: |
| lbcheck |   9.5 ms |
| sh      | 120.0 ms |`);
});

test('a chart has a bar in proportion and a label for each value, and its text escaped', () => {
  const bar = (name: string, value: number) => ({
    name,
    value,
    label: `${value} ms`,
    isOurs: false,
  });
  const svg = chart([{ title: 'a < b', bars: [bar('long', 200), bar('short', 50)] }], 'a & b');
  const widths = [...svg.matchAll(/class="theirs" .* width="([\d.]+)"/g)].map(([, text]) => text);
  expect(Number(widths[0])).toBe(4 * Number(widths[1]));
  expect(svg).toContain('>200 ms</text>');
  expect(svg).toContain('>a &lt; b</text>');
  expect(svg).toContain('aria-label="a &amp; b"');
});
