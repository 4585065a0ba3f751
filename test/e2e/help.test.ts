import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { executable, lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

/** Runs the executable by another name, `lbcheck` where it is installed. */
async function called(name: string, ...words: readonly string[]) {
  const command = join(await directory(onTestFinished), name);
  await symlink(executable, command);
  return lbcheck(words, { command, input: '' });
}

test.each([
  [['--help'], /^Usage: lbcheck PROBE \[options\]/],
  [['rbl', '--help'], /^Usage: lbcheck rbl \[options\] \[HOST\] \[PORT\]/],
  [['tls', '--help'], /^Usage: lbcheck tls \[options\] \[HOST\] \[PORT\]/],
  [['exec', '--help'], /^Usage: lbcheck exec \[options\] \[COMMAND\.\.\.\]/],
  [['syn', '--help'], /^Usage: lbcheck syn \[options\] \[HOST\] \[PORT\]/],
])('help by %s fits 80 columns and ends well', async (words, usage) => {
  const { code, stdout, stderr } = await called('lbcheck', ...words);
  expect(stdout).toMatch(usage);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('help of a probe shows examples and defaults', async () => {
  const { stdout } = await called('lbcheck', 'rbl', '-h');
  expect(stdout).toMatch('lbcheck rbl --zone dnsbl.example.org');
  expect(stdout).toMatch(/default: 1\.5/);
});

test('help and version under a plugin name exit with 3', async () => {
  expect(await called('check_rbl', '-V')).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^check_rbl \(lbcheck \d/),
  });
  expect(await called('check_rbl', '--help')).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^Usage: check_rbl \[/),
  });
});

test('a plugin name that no probe has is UNKNOWN', async () => {
  expect(await called('check_nothing', '-H', 'x')).toEqual({
    code: 3,
    stdout:
      'LBCHECK UNKNOWN - no plugin has the name check_nothing. Allowed is check_rbl, check_tls, check_tcp_half_open.\n',
    stderr: '',
  });
});
