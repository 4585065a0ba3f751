import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFailure } from '../../src/system/start-failure.ts';
import { directory } from '../support/programs.ts';

describe('a program that could not be started', () => {
  test.each([
    ['EACCES', /executable for this user: chmod \+x/],
    ['EPERM', /file capabilities .*bounding set/],
    ['EAGAIN', /limit of processes/],
    ['ENOMEM', /memory/],
    ['EMFILE', /limit of open files/],
    ['ENFILE', /whole system/],
    ['ENOEXEC', /architecture/],
    ['E2BIG', /arguments/],
    ['EIO', /^it cannot be started \(EIO\)$/],
  ])('for %s has its own advice', (code, advice) => {
    const text = startFailure('nmap', code, 'install it');
    expect(text).toMatch(advice);
    expect(text).toContain(`(${code})`);
    expect(text).not.toContain('install it');
  });

  test('since it is not there is to be installed', () => {
    expect(startFailure('no-such-program', 'ENOENT', 'install it')).toBe(
      'there is no such program (ENOENT): install it',
    );
    expect(startFailure('/no/such', 'ENOENT')).toBe('there is no such program (ENOENT)');
  });

  test('though it is there lacks its interpreter, by its path or in PATH', async () => {
    const files = await directory(onTestFinished, { plugin: '#!/no/such/interpreter\n' });
    const path = join(files, 'plugin');
    await chmod(path, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `/nowhere:${files}`;
    onTestFinished(() => {
      process.env.PATH = before;
    });
    for (const program of [path, 'plugin']) {
      expect(startFailure(program, 'ENOENT', 'install it')).toMatch(/interpreter.* is missing/);
    }
  });
});
