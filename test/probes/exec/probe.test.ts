import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pluginEnvironment } from '../../../src/probes/exec/environment.ts';
import { type ExecCheck, probeExec } from '../../../src/probes/exec/probe.ts';
import { runProgram } from '../../../src/system/subprocess.ts';
import { fakeProgram } from '../../support/fake-program.ts';
import { directory } from '../../support/programs.ts';

/** The outcome of a plugin that runs `script`, and its path. */
async function outcomeOf(
  script: string,
  options: Partial<ExecCheck> = {},
  signal = AbortSignal.timeout(20_000),
) {
  const { path } = await fakeProgram(onTestFinished, script);
  const outcome = await probeExec({ command: path, args: [], ...options }, signal);
  return { ...outcome, summary: outcome.summary.replace(path, 'PLUGIN') };
}

describe('a plugin', () => {
  test.each([
    [0, 'ok'],
    [1, 'warning'],
    [2, 'critical'],
    [3, 'unknown'],
  ])('with exit code %i is %s, and its first line is the summary', async (code, status) => {
    const script = `echo "a WARNING | a=1"; echo more; echo ignored >&2; exit ${code}`;
    const outcome = { status, summary: 'a WARNING', details: ['more'], perfdata: [{ label: 'a' }] };
    expect(await outcomeOf(script)).toMatchObject(outcome);
    expect(await outcomeOf(script, { exitCodes: 'plugin' })).toMatchObject(outcome);
  });

  test('with exit code 1 and no WARN in its first line is critical, and warning by choice', async () => {
    const script = 'echo "rejecting connections"; echo WARNING; exit 1';
    expect(await outcomeOf(script)).toMatchObject({
      status: 'critical',
      summary: 'PLUGIN ended with exit code 1, without the word WARN: rejecting connections',
    });
    expect(await outcomeOf(script, { exitCodes: 'plugin' })).toMatchObject({
      status: 'warning',
      summary: 'rejecting connections',
    });
  });

  test('with colours has none in its answer', async () => {
    const script = String.raw`printf '\033[1;33mWARNING\033[0m - \033]8;;http://x\007x\033\\ | \033[31ma=1\033[0m\n'; exit 1`;
    expect(await outcomeOf(script)).toMatchObject({
      status: 'warning',
      summary: 'WARNING - x',
      perfdata: [{ label: 'a', value: '1' }],
    });
  });

  test('with much output keeps its status, and its last number is not half of one', async () => {
    const script =
      'echo "fine | a=1"; for i in $(seq 20000); do echo "| b$i=123456789"; done; exit 2';
    const { status, summary, perfdata = [] } = await outcomeOf(script);
    expect([status, summary]).toEqual(['critical', 'fine (cut: it printed more than 64 KiB)']);
    expect(perfdata.length).toBeGreaterThan(1000);
    expect(new Set(perfdata.slice(1).map(({ value }) => value))).toEqual(new Set(['123456789']));
  });

  test('that prints one long line without an end is not killed for it', async () => {
    const { status, summary } = await outcomeOf('head -c 500000 /dev/zero | tr "\\0" x');
    expect(status).toBe('ok');
    expect(summary).toBe(`${'x'.repeat(900)} (cut: it printed more than 64 KiB)`);
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
      'ends badly and tells why',
      'echo a; echo b >&2; exit 255',
      'PLUGIN ended with exit code 255: b',
    ],
    ['ends by a signal', 'kill -SEGV $$', 'PLUGIN ended by SIGSEGV'],
  ])('that %s is unknown', async (_what, script, summary) => {
    expect(await outcomeOf(script)).toEqual({ status: 'unknown', summary });
  });

  test('that has not ended at the deadline is critical', async () => {
    const summary = 'PLUGIN did not end before the deadline';
    const late = (options: Partial<ExecCheck>) =>
      outcomeOf('sleep 60', options, AbortSignal.timeout(200));
    expect(await late({})).toEqual({ status: 'critical', summary });
    expect(await late({ timeoutStatus: 'unknown' })).toEqual({ status: 'unknown', summary });
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

describe('with the exit codes of a command', () => {
  test.each([
    ['prints nothing', 'exit 0', 'ok', 'PLUGIN ended with exit code 0'],
    ['prints a line', 'echo up', 'ok', 'up'],
    ['fails in silence', 'exit 1', 'critical', 'PLUGIN ended with exit code 1'],
    ['fails with WARN', 'echo WARN; exit 1', 'critical', 'PLUGIN ended with exit code 1: WARN'],
    ['fails by 3', 'echo x >&2; exit 3', 'critical', 'PLUGIN ended with exit code 3: x'],
    ['fails by 127', 'exit 127', 'critical', 'PLUGIN ended with exit code 127'],
    ['is killed', 'kill -9 $$', 'critical', 'PLUGIN ended by SIGKILL'],
  ] as const)('a command that %s: %s', async (_what, script, status, summary) => {
    expect(await outcomeOf(script, { exitCodes: 'command' })).toEqual({ status, summary });
  });
});

describe('a plugin reads and writes numbers with a decimal point', () => {
  const show = 'echo "$LC_ALL;$LC_NUMERIC;$LC_MESSAGES;$LC_TIME;$LANG;$OTHER"';

  test.each([
    ['LANG alone', { LANG: 'de_DE.UTF-8' }, ';C;;;de_DE.UTF-8;'],
    ['LC_NUMERIC', { LC_NUMERIC: 'de_DE.UTF-8', LC_TIME: 'fr' }, ';C;;fr;;'],
    ['LC_ALL', { LC_ALL: 'de_DE', LANG: 'x', LC_TIME: 'fr' }, ';C;de_DE;de_DE;x;'],
    ['an empty LC_ALL', { LC_ALL: '', LC_MESSAGES: 'fr', OTHER: '1' }, ';C;fr;;;1'],
  ])('under %s', async (_what, environment: NodeJS.ProcessEnv, expected) => {
    const { path } = await fakeProgram(onTestFinished, show);
    const env = pluginEnvironment({ PATH: process.env.PATH, ...environment });
    const end = await runProgram(path, [], AbortSignal.timeout(20_000), env);
    expect(end).toMatchObject({ stdout: `${expected}\n` });
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
