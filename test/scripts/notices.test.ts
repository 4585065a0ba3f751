import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asComment, bundledPackages, notices, runtimeNotice } from '../../scripts/notices.ts';

/** There may be more. */
const names = ['commander', 'content-type', 'negotiator', 'shlex'];

describe('the notices of the bundled packages', () => {
  test('are of those whose code is in the executables', async () => {
    expect((await bundledPackages()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(names),
    );
  });

  test('have the text of each licence, whole', async () => {
    const text = await notices();
    for (const name of names) {
      const licence = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim();
      expect(licence).toMatch(/Copyright/);
      expect(text).toContain(licence);
    }
    expect(text).toContain(readFileSync('LICENSE', 'utf8').trim());
  });

  test.each(['lbcheck', 'lbcheck-linux-x64'])('stand in dist/%s', async (name) => {
    const executable = readFileSync(resolve('dist', name), 'latin1');
    const text = Buffer.from(await notices()).toString('latin1');
    expect(executable.includes(text)).toBe(true);
    expect(executable.includes(runtimeNotice())).toBe(name !== 'lbcheck');
  });

  test('do not end the comment that they stand in', () => {
    expect(asComment('a */ b')).toBe('/*!\na * / b*/');
  });
});
