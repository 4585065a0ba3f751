import { expect, test } from 'vitest';
import { withoutEscapes } from '../../../src/probes/exec/escapes.ts';

test.each([
  ['a colour', '\x1b[31mred\x1b[0m', 'red'],
  ['many parameters', '\x1b[38;2;1;2;3mred\x1b[m', 'red'],
  ['a private mode', '\x1b[?25lx\x1b[?25h', 'x'],
  ['a colour in one character', '\x9b1mbold\x9b0m', 'bold'],
  ['a title', '\x1b]0;title\x07text', 'text'],
  ['a link', '\x1b]8;;http://a.example/\x1b\\link\x1b]8;;\x1b\\', 'link'],
  ['a character set', '\x1b(Btext', 'text'],
  ['a saved cursor', '\x1b7text\x1b8', 'text'],
  ['no escape', 'a [31m b; 5]', 'a [31m b; 5]'],
])('%s is removed whole', (_what, text, plain) => {
  expect(withoutEscapes(text)).toBe(plain);
});

test.each([
  ['beginnings', '\x1b['.repeat(30_000)],
  ['parameters', `\x1b[${'1;'.repeat(30_000)}`],
  ['titles', '\x1b]0;'.repeat(16_000)],
])('many %s are read in no time', (_what, text) => {
  const start = performance.now();
  withoutEscapes(text);
  expect(performance.now() - start).toBeLessThan(500);
});
