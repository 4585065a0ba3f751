import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/system/subprocess.ts';
import { fakeProgram, isRunning } from '../support/fake-program.ts';
import { directory, until } from '../support/programs.ts';

const inTime = () => AbortSignal.timeout(20_000);

/** The result of running a script. */
async function ending(script: string) {
  const { path } = await fakeProgram(onTestFinished, script);
  return runProgram(path, [], inTime());
}

const isGone = (pid: number) => until(`${pid} is gone`, async () => !(await isRunning(pid)));

describe('a program', () => {
  test('gives all that it printed', async () => {
    expect(await ending('printf "x%.0s" $(seq 60000); echo bad >&2')).toEqual({
      kind: 'ended',
      by: 0,
      stdout: 'x'.repeat(60000),
      isCut: false,
      stderr: 'bad\n',
    });
  });

  test('has the arguments as they are: no shell reads them', async () => {
    const args = ['-p', '25', '$HOME', '`id`', 'a b', '', '*', ';echo x', '"', "'"];
    const { path, runs } = await fakeProgram(onTestFinished, '');
    await runProgram(path, args, inTime());
    expect(await runs()).toEqual([args]);
  });

  test('has the environment of lbcheck, and an empty stdin', async () => {
    process.env.MARK = '0x7';
    onTestFinished(() => {
      delete process.env.MARK;
    });
    expect(await ending('cat; echo $MARK')).toMatchObject({ stdout: '0x7\n' });
  });

  test('that crashes ended by its signal', async () => {
    expect(await ending('echo half; kill -SEGV $$')).toMatchObject({
      kind: 'ended',
      by: 'SIGSEGV',
      stdout: 'half\n',
    });
  });

  test.each([
    ['stdout', '', 65536, 0],
    ['stderr', ' >&2', 0, 65536],
  ])('that prints 10 MB on %s is read to its end, and 64 KiB are kept', async (...line) => {
    const [stream, where, out, err] = line;
    const script = `head -c 10000000 /dev/zero | tr '\\0' x${where}; exit 2`;
    const end = await ending(script);
    if (end.kind !== 'ended') throw new Error(end.kind);
    expect([end.by, end.isCut]).toEqual([2, stream === 'stdout']);
    expect([end.stdout.length, end.stderr.length]).toEqual([out, err]);
  });

  test('is not cut within a character', async () => {
    const end = await ending("printf x; head -c 200000 /dev/zero | sed 's/\\x00/é/g'");
    expect(end).toMatchObject({ stdout: `x${'é'.repeat(32767)}`, isCut: true });
  });

  test('may print UTF-8 and Latin-1, line by line', async () => {
    expect(await ending("printf 'caf\\351\\ncaf\\303\\251\\n\\303('")).toMatchObject({
      stdout: 'café\ncafé\nÃ(',
    });
  });

  test('is over when it has ended, and what it left behind in its group is killed', async () => {
    const { path, file } = await fakeProgram(
      onTestFinished,
      'sleep 60 & echo $! >pids; echo said; exit 3',
    );
    const start = performance.now();
    expect(await runProgram(path, [], inTime())).toMatchObject({ by: 3, stdout: 'said\n' });
    expect(performance.now() - start).toBeLessThan(10_000);
    await isGone(Number(await file('pids')));
  });

  test('is over when it has ended, and a daemon that it started is killed', async () => {
    const { path, file } = await fakeProgram(
      onTestFinished,
      'setsid sh -c "echo \\$\\$ >pids; exec sleep 60" & sleep 0.3; echo said',
    );
    const end = await runProgram(path, [], inTime());
    await isGone(Number(await file('pids')));
    expect(end).toEqual({ kind: 'ended', by: 0, stdout: 'said\n', isCut: false, stderr: '' });
  });

  test('that is none is not started', async () => {
    const files = await directory(onTestFinished, { text: 'no program' });
    const names = ['nmap', 'text', '.', 'text/nmap', 'a'.repeat(5000)];
    const kinds = [...names.map((name) => join(files, name)), 'lbcheck-no-such-program'];
    const runs = await Promise.all(kinds.map((path) => runProgram(path, [], inTime())));
    expect(runs).toEqual([
      { kind: 'not-started', code: 'ENOENT' },
      { kind: 'not-started', code: 'EACCES' },
      { kind: 'not-started', code: 'EACCES' },
      { kind: 'not-started', code: 'ENOTDIR' },
      { kind: 'not-started', code: 'ENAMETOOLONG' },
      { kind: 'not-started', code: 'ENOENT' },
    ]);
  });
});

describe('at the deadline a program is killed', () => {
  /** Aborts when the script has told that it runs, and returns what it wrote. */
  async function late(script: string) {
    const { path, file } = await fakeProgram(onTestFinished, script);
    const deadline = new AbortController();
    const run = runProgram(path, [], deadline.signal);
    const pids = (await file('pids')).trim().split(' ').map(Number);
    const start = performance.now();
    deadline.abort();
    expect(await run).toEqual({ kind: 'late', isAlive: false });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(pids.every((pid) => pid > 1)).toBe(true);
    for (const pid of pids) await isGone(pid);
  }

  test('when it hangs', () => late('echo $$ >pids; exec sleep 60'));

  test('when it takes no signal', () => late('trap "" TERM INT HUP; echo $$ >pids; sleep 60'));

  test('with its children', () => late('sleep 60 & echo $$ $! >pids; wait'));

  test('with a child in a process group of its own', () =>
    late('timeout 60 sh -c "echo $$ \\$\\$ >pids; sleep 60"'));

  test('with a grandchild that holds its stdout, and has lost its parent', () =>
    late('(sleep 60 & echo $! >child); echo $$ $(cat child) >pids; sleep 60'));
});

test('a program that cannot be started leaves no listener behind', async () => {
  const listeners = () => process.listenerCount('SIGTERM');
  const before = listeners();
  await runProgram('/etc/passwd/none', [], inTime());
  expect(listeners()).toBe(before);
});

test('a program is not started when the deadline is over', async () => {
  const { path, runs } = await fakeProgram(onTestFinished, '');
  expect(await runProgram(path, [], AbortSignal.abort())).toEqual({ kind: 'late', isAlive: false });
  expect(await runs()).toEqual([]);
});

test('a program that no system can run is not started', async () => {
  const { path } = await fakeProgram(onTestFinished, '');
  await writeFile(path, '#!/no/such/interpreter\n');
  expect(await runProgram(path, [], inTime())).toEqual({ kind: 'not-started', code: 'ENOENT' });
});

describe('between lbcheck and a program', () => {
  const show = (env: NodeJS.ProcessEnv, script: string) =>
    runProgram('/bin/sh', ['-c', script], inTime(), { PATH: process.env.PATH, ...env });

  test('perl takes nothing of the environment for itself', async () => {
    const env = { PERL5OPT: '-Mno::such', PERL5LIB: '/a=b c', PERL_UNICODE: 'SDA', LANG: 'xx_XX' };
    const script = 'echo "$PERL5OPT $PERL5LIB $PERL_UNICODE $LANG [$PERL_BADLANG] ü"';
    expect(await show(env, script)).toMatchObject({
      stdout: '-Mno::such /a=b c SDA xx_XX [] ü\n',
      stderr: '',
    });
    expect(await show({ PERL_BADLANG: '1' }, 'echo $PERL_BADLANG')).toMatchObject({
      stdout: '1\n',
    });
  });

  test('the descriptor of the watcher is closed', async () => {
    const script = 'readlink /proc/$$/fd/3 || echo none';
    expect(await show({}, script)).toMatchObject({ stdout: 'none\n' });
  });

  test('no signal is ignored', async () => {
    expect(await show({}, 'grep SigIgn /proc/$$/status')).toMatchObject({
      stdout: 'SigIgn:\t0000000000000000\n',
    });
  });

  test('a watcher that is killed takes the program with it', async () => {
    const { path, file } = await fakeProgram(
      onTestFinished,
      'echo $$ >pids; kill -KILL $PPID; sleep 60',
    );
    expect(await runProgram(path, [], inTime())).toMatchObject({ kind: 'ended', by: 'SIGKILL' });
    await isGone(Number(await file('pids')));
  });
});
