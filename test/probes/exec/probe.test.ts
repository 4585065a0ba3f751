import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { probeExec } from '../../../src/probes/exec/probe.ts';
import { fakeProgram } from '../../support/fake-program.ts';
import { directory } from '../../support/programs.ts';

/** What a plugin that does what `script` says comes to, and its path. */
async function outcomeOf(script: string, signal = AbortSignal.timeout(20_000)) {
  const { path } = await fakeProgram(onTestFinished, script);
  const outcome = await probeExec({ command: path, args: [] }, signal);
  return { ...outcome, summary: outcome.summary.replace(path, 'PLUGIN') };
}

describe('a plugin', () => {
  test.each([
    [0, 'ok'],
    [1, 'warning'],
    [2, 'critical'],
    [3, 'unknown'],
  ])('with exit code %i is %s, and its first line is the summary', async (code, status) => {
    const outcome = await outcomeOf(`echo "args | a=1"; echo more; echo ignored >&2; exit ${code}`);
    expect(outcome).toMatchObject({ status, summary: 'args', perfdata: [{ label: 'a' }] });
  });

  test.each([
    ['prints nothing', 'exit 0', 'PLUGIN printed nothing (exit code 0)'],
    ['prints blanks', 'echo; echo " "', 'PLUGIN printed nothing (exit code 0)'],
    [
      'prints on stderr alone',
      'echo "no x" >&2; exit 2',
      'PLUGIN printed nothing (exit code 2): no x',
    ],
    ['ends with another code', 'echo args; exit 4', 'PLUGIN ended with exit code 4: args'],
    [
      'ends badly and says so',
      'echo a; echo b >&2; exit 255',
      'PLUGIN ended with exit code 255: b',
    ],
    ['ends by a signal', 'kill -SEGV $$', 'PLUGIN ended by SIGSEGV'],
  ])('that %s is unknown', async (_what, script, summary) => {
    expect(await outcomeOf(script)).toEqual({ status: 'unknown', summary });
  });

  test('that has not ended at the deadline is critical', async () => {
    expect(await outcomeOf('sleep 60', AbortSignal.timeout(200))).toEqual({
      status: 'critical',
      summary: 'PLUGIN did not end before the deadline',
    });
  });

  test('that has only performance data has its status', async () => {
    expect(await outcomeOf('echo "|a=1"')).toMatchObject({
      status: 'ok',
      summary: 'performance data alone',
    });
  });

  test('without performance data has none', async () => {
    expect(await outcomeOf('echo args')).toEqual({ status: 'ok', summary: 'args' });
  });
});

describe('what is no plugin is unknown', () => {
  test.each([
    ['nothing', 'none', /there is no such program \(ENOENT\)$/],
    ['a file that is not executable', 'text', /it is not executable .*chmod.* \(EACCES\)$/],
    ['a directory', '.', /it is not executable .* \(EACCES\)$/],
    ['what would be below a file', 'text/plugin', /no directory \(ENOTDIR\)$/],
  ])('%s', async (_what, name, summary) => {
    const files = await directory(onTestFinished, { text: 'no program' });
    const check = { command: join(files, name), args: [] };
    expect(await probeExec(check, AbortSignal.timeout(20_000))).toEqual({
      status: 'unknown',
      summary: expect.stringMatching(summary),
    });
  });
});
