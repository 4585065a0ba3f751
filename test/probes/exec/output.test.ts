import { describe, expect, test } from 'vitest';
import { readPluginOutput } from '../../../src/probes/exec/output.ts';

/** The summary and the labels of the performance data. */
function read(stdout: string) {
  const { summary, perfdata } = readPluginOutput(stdout);
  return [summary, ...perfdata.map(({ label, value }) => `${label}=${value}`)];
}

describe('the output of a plugin', () => {
  test.each<[string, string, readonly string[]]>([
    ['text', 'OK\n', ['OK']],
    ['text without a line end', 'OK', ['OK']],
    ['text with CRLF', 'OK - x\r\n', ['OK - x']],
    [
      'text and performance data',
      'OK - 3 days |days=3;5;7 x=1\n',
      ['OK - 3 days', 'days=3', 'x=1'],
    ],
    ['text, an empty bar', 'OK |\n', ['OK']],
    ['performance data alone', '|a=1', ['', 'a=1']],
    ['a second bar', 'OK | a=1 | b=2', ['OK', 'a=1', 'b=2']],
    ['nothing', '', ['']],
    ['blank lines', '\n \n', ['']],
    ['blank lines before its text', '\n\nOK | a=1', ['OK', 'a=1']],
    ['more lines', 'OK\nand more\nstill more', ['OK']],
    // The example of Nagios Core's plugin API.
    [
      'performance data behind its last lines',
      'DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n/ 15272 MB (77%);\n/boot 68 MB (69%); | /boot=68MB;88;93;0;98\n/home=69357MB;253404;253409;0;253414\n/var/log=818MB;970;975;0;980\n',
      [
        'DISK OK - free space: / 3326 MB (56%);',
        '/=2643',
        '/boot=68',
        '/home=69357',
        '/var/log=818',
      ],
    ],
    ['a bar in a later line alone', 'OK\nlong text\n| a=1\nb=2', ['OK', 'a=1', 'b=2']],
    ['numbers in its later text', 'OK | a=1\nb=2 is no data', ['OK', 'a=1']],
  ])('may be %s', (_what, stdout, expected) => {
    expect(read(stdout)).toEqual(expected);
  });
});

describe('the lines behind the first', () => {
  const details = (stdout: string) => readPluginOutput(stdout).details;

  test('are the long text, without performance data and empty lines', () => {
    const text = 'OK | a=1\n\n one\r\ntwo\x07\x1b[31mred\x1b[0m\nlast | b=2\nc=3\n';
    expect(details(text)).toEqual([' one', 'two red', 'last']);
    expect(details('OK')).toEqual([]);
  });

  test('are at most 40, of at most 1000 characters', () => {
    const lines = details(`OK\n${`${'x'.repeat(999)}😀\n`.repeat(60)}`);
    expect(lines).toEqual(Array(40).fill('x'.repeat(999)));
  });
});
