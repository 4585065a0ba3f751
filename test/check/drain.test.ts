import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unlessDrained } from '../../src/check/drain.ts';
import type { Check } from '../../src/check/run.ts';
import { directory } from '../support/programs.ts';
import { reportOf } from '../support/reports.ts';

const check: Check = {
  ...{ name: 'rbl', target: '127.0.0.1:53', timeout: 5 },
  probe: async () => expect.unreachable('it was probed outside of `ask`'),
};

/** A drain file that does not exist yet, a function that asks, and how often the target was asked. */
async function drainable() {
  const file = join(await directory(onTestFinished), 'drain');
  let count = 0;
  const ask = unlessDrained(file, check, async () => {
    count += 1;
    return reportOf('ok');
  });
  return { file, ask, count: () => count };
}

describe('a drain file', () => {
  test('is looked for each time, and while it exists the target is not asked', async () => {
    const { file, ask, count } = await drainable();
    expect((await ask()).outcome.status).toBe('ok');
    await writeFile(file, '');
    for (const _twice of [1, 2]) {
      const { probe, target, outcome } = await ask();
      expect({ probe, target }).toEqual({ probe: 'rbl', target: '127.0.0.1:53' });
      expect(outcome).toEqual({
        status: 'critical',
        summary: `drained: ${file} exists`,
        isDraining: true,
      });
    }
    expect(count()).toBe(1);
    await rm(file);
    expect((await ask()).outcome.status).toBe('ok');
    expect(count()).toBe(2);
  });

  test('may be a directory', async () => {
    const { file, ask } = await drainable();
    await mkdir(file);
    expect((await ask()).outcome.isDraining).toBe(true);
  });

  test('does not exist below a file', async () => {
    const { file } = await drainable();
    await writeFile(file, '');
    const ask = unlessDrained(join(file, 'drain'), check, async () => reportOf('ok'));
    expect((await ask()).outcome.status).toBe('ok');
  });

  test('that cannot be looked for makes the check unknown, with the reason', async () => {
    const { file, ask, count } = await drainable();
    await symlink(file, file);
    expect((await ask()).outcome).toEqual({
      status: 'unknown',
      summary: `cannot look for the drain file '${file}': ELOOP`,
    });
    expect(count()).toBe(0);
  });

  test.runIf(process.getuid?.() !== 0)(
    'in a directory that is closed makes the check unknown',
    async () => {
      const closed = await directory(onTestFinished);
      await chmod(closed, 0o000);
      const ask = unlessDrained(join(closed, 'drain'), check, async () => reportOf('ok'));
      expect((await ask()).outcome).toMatchObject({
        status: 'unknown',
        summary: expect.stringMatching(/EACCES$/),
      });
    },
  );

  test('that is not configured changes nothing', () => {
    const ask = async () => reportOf('ok');
    expect(unlessDrained(undefined, check, ask)).toBe(ask);
  });
});
