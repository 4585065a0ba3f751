import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { completion } from '../../../scripts/packaging/completion.ts';

const script = completion(resolve(import.meta.dirname, '../../../dist/lbcheck'));

/** What bash offers for these arguments, the last of which is not complete. */
function complete(...args: readonly string[]): readonly string[] {
  const ask = `eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lbcheck
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-uc', ask, 'bash', script, 'lbcheck', ...args]);
  return String(output).trim().split('\n');
}

test('help is offered, and every probe behind it', () => {
  expect(complete('h')).toEqual(['help']);
  expect(complete('help', '')).toEqual(['rbl', 'dns', 'tls', 'syn', 'exec', 'serve']);
  expect(complete('help', 'rbl', '')).toEqual(['']);
});

test.each([
  [
    ['rbl', '--drain-code', ''],
    ['503', '404'],
  ],
  [
    ['tls', '--proxy-protocol', ''],
    ['1', '2'],
  ],
  [
    ['dns', '--expect-rcode', 'NX'],
    ['NXDOMAIN', 'NXRRSET'],
  ],
  [['exec', '--timeout-status', 'c'], ['critical']],
])('%j offers what is allowed', (args, offered) => {
  expect(complete(...args)).toEqual(offered);
});
