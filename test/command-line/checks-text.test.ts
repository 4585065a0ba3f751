import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCheckLines } from '../../src/command-line/checks-text.ts';

describe('a file of checks', () => {
  test('has a name and a command line in each line', () => {
    const text = `
# The list server
dnsbl    rbl 127.0.0.1 --zone dnsbl.example.org   # its zone
postgres exec -- 'a plugin' "-H" x"y z"\\ w

`;
    expect(readCheckLines(text)).toEqual({
      mistakes: [],
      lines: [
        {
          ...{ line: 3, name: 'dnsbl', args: ['rbl', '127.0.0.1', '--zone', 'dnsbl.example.org'] },
          columns: [10, 14, 24, 31],
        },
        {
          ...{ line: 4, name: 'postgres', args: ['exec', '--', 'a plugin', '-H', 'xy z w'] },
          columns: [10, 15, 18, 29, 34],
        },
      ],
    });
  });

  test('may have the line ends of Windows, and no end of its last line', () => {
    expect(readCheckLines('a syn h 1\r\nb syn h 2').lines.map(({ args }) => args)).toEqual([
      ['syn', 'h', '1'],
      ['syn', 'h', '2'],
    ]);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is to stay as it is
  test.each(['$HOME ~ *.c `id` $(id) ${x} %d !! a|b a;b a&b >f <f', 'a=b {a,b} [ab] ? \\$'])(
    'expands nothing: %s',
    (args) => {
      const [line] = readCheckLines(`x exec -- ${args}`).lines;
      expect(line?.args.slice(2)).toEqual(args.replace('\\$', '$').split(' '));
    },
  );

  test.each([
    ["$'a\\' b", ['$a\\', 'b']],
    ["$'x\\ny'", ['$x\\ny']],
    ['$"a" "$\'b"', ['$a', "$'b"]],
    ['\'$\'"$"', ['$$']],
  ])('has a dollar before a quote as a dollar: %s', (text, args) => {
    expect(readCheckLines(`x exec -- ${text}`).lines[0]?.args.slice(2)).toEqual(args);
  });

  test('keeps what is empty in quotes, and # within a word or in quotes', () => {
    const [line] = readCheckLines(`x exec -- '' "" a#b '#c'`).lines;
    expect(line?.args).toEqual(['exec', '--', '', '', 'a#b', '#c']);
  });

  test.each([
    ["a exec -- 'open", 1, 11, "this ' is never closed"],
    ['a exec -- "open', 1, 11, 'this " is never closed'],
    ['a exec -- x\\', 1, 12, 'nothing follows the \\'],
    ['\n  a/b syn h 1', 2, 3, "name 'a/b' is invalid"],
    ['ä syn h 1', 1, 1, "name 'ä' is invalid"],
    ['.. syn h 1', 1, 1, "name '..' is invalid"],
    ['-x syn h 1', 1, 1, "name '-x' is invalid"],
    ['%2f syn h 1', 1, 1, "name '%2f' is invalid"],
    ['metrics syn h 1', 1, 1, "name 'metrics' is reserved"],
    ['probe syn h 1', 1, 1, "name 'probe' is reserved"],
    ['a syn h 1\n\na syn h 2', 3, 1, "name 'a' is already used in line 1"],
    [`${'n'.repeat(65)} syn h 1`, 1, 1, 'is invalid'],
  ])('is wrong: %j', (text, line, column, message) => {
    const [mistake] = readCheckLines(text).mistakes;
    expect(mistake).toMatchObject({ line, column });
    expect(mistake?.message).toContain(message);
  });

  test('shows all its mistakes, and its right lines are read', () => {
    const { lines, mistakes } = readCheckLines("a/b x\nok syn h 1\n'c\nok syn h 2");
    expect(mistakes.map(({ line }) => line)).toEqual([1, 3, 4]);
    expect(lines.map(({ name }) => name)).toEqual(['ok']);
  });

  test('never makes the reader throw, whatever it holds', () => {
    const pieces = fc.constantFrom(...`'"\\# \t\n\r$a{}é\0`, 'name', "''");
    const text = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (content) => {
        for (const { args, columns } of readCheckLines(content).lines) {
          expect(columns).toHaveLength(args.length);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
