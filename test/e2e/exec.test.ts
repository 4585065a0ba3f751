import { describe, expect, onTestFinished, test } from 'vitest';
import { executable, lbcheck, parseResponse } from '../support/executable.ts';
import { fakeProgram, isRunning } from '../support/fake-program.ts';
import { freePort, start, until } from '../support/programs.ts';
import { exchange, isListening } from '../support/xinetd.ts';

/** How `lbcheck exec --reply plugin` ends for a plugin that runs `script`. */
async function check(script: string) {
  const { path, file } = await fakeProgram(onTestFinished, script);
  const begin = performance.now();
  const args = ['exec', '--reply', 'plugin', '--timeout', '2', '--', path];
  const { code, stdout, stderr } = await lbcheck(args, { input: 'not for the plugin\n' });
  const seconds = (performance.now() - begin) / 1000;
  expect(stderr).toBe('');
  expect(seconds).toBeLessThan(5);
  return { code, line: stdout.replace(path, 'PLUGIN').replace(/time=[\d.]+s;;;0;2/, 'TIME'), file };
}

const isGone = (pid: number) => until(`${pid} is gone`, async () => !(await isRunning(pid)));

const tooLong = 'EXEC CRITICAL - PLUGIN did not end before the deadline | TIME\n';

describe('a program that misbehaves', () => {
  test.each([
    ['prints nothing', 'exit 0', 3, 'EXEC UNKNOWN - PLUGIN printed nothing (exit code 0)\n'],
    [
      'prints on stderr only',
      'echo "no such host" >&2; exit 2',
      3,
      'EXEC UNKNOWN - PLUGIN printed nothing (exit code 2): no such host\n',
    ],
    [
      'has the exit code of a shell that found no command',
      'no-such-command-of-ours 2>/dev/null',
      3,
      'EXEC UNKNOWN - PLUGIN ended with exit code 127\n',
    ],
    [
      'has exit code 4',
      'echo words; exit 4',
      3,
      'EXEC UNKNOWN - PLUGIN ended with exit code 4: words\n',
    ],
    ['has exit code 255', 'exit 255', 3, 'EXEC UNKNOWN - PLUGIN ended with exit code 255\n'],
    ['is killed', 'echo OK; kill -KILL $$', 3, 'EXEC UNKNOWN - PLUGIN ended by SIGKILL: OK\n'],
    ['crashes', 'kill -SEGV $$', 3, 'EXEC UNKNOWN - PLUGIN ended by SIGSEGV\n'],
    ['prints without an end', 'echo $$ >pids; yes', 2, tooLong],
    ['prints on stderr without an end', 'echo $$ >pids; yes >&2', 2, tooLong],
    ['hangs', 'echo $$ >pids; exec sleep 60', 2, tooLong],
    ['ignores signals', 'trap "" TERM INT HUP; echo $$ >pids; sleep 60', 2, tooLong],
    ['stops itself', 'echo $$ >pids; kill -STOP $$', 2, tooLong],
    ['hangs behind timeout(1)', 'timeout 60 sh -c "echo \\$\\$ >pids; sleep 60"', 2, tooLong],
    [
      'leaves a child that holds its stdout',
      'sleep 60 & echo $! >pids; echo OK',
      0,
      'EXEC OK - OK | TIME\n',
    ],
    [
      'has half of its performance data wrong',
      "echo \"OK | a=1 b=x =3 'c d'=4s e=5;;; 'f=6\"",
      0,
      "EXEC OK - OK | TIME a=1 'c d'=4s e=5\n",
    ],
    [
      'has bars in odd places',
      'echo "| a=1"; echo "| b=2 | c=3"',
      0,
      'EXEC OK - performance data alone | TIME a=1 b=2 c=3\n',
    ],
    ['prints what is not UTF-8', "printf 'caf\\351 | a=1\\n'", 0, 'EXEC OK - café | TIME a=1\n'],
    [
      'prints control characters',
      "printf 'a\\033[31mb\\001\\tc | d\\033=1 e=2\\n'",
      0,
      'EXEC OK - ab c | TIME e=2\n',
    ],
    [
      'measures what the guidelines do not know, and does not know its own status',
      "echo 'UNKNOWN - x | a=1e-10 b=9007199254740993c c=U d=5.50b/s e=21.5°C;@1:2;;-.5'; exit 3",
      3,
      'EXEC UNKNOWN - x | a=1e-10 b=9007199254740993c c=U d=5.50b/s e=21.5°C;@1:2;;-.5\n',
    ],
    [
      'has labels in Latin-1 that differ in one byte',
      "printf 'OK: fine | caf\\351=1 caf\\350=2\\n'",
      0,
      'EXEC OK - fine | TIME café=1 cafè=2\n',
    ],
    ['reads stdin', 'cat; echo OK', 0, 'EXEC OK - OK | TIME\n'],
    ['names its own time', 'echo "OK | time=5s;1;2"', 0, 'EXEC OK - OK | time=5s;1;2\n'],
  ])('and %s', async (_what, script, code, line) => {
    const { file, ...ended } = await check(script);
    expect(ended).toEqual({ code, line });
    if (script.includes('>pids')) await isGone(Number(await file('pids')));
  });

  test('and leaves a daemon that holds its stdout is not waited for, and the daemon is killed', async () => {
    const script = 'setsid sh -c "echo \\$\\$ >pids; exec sleep 60" & sleep 0.2; echo OK';
    const { file, ...ended } = await check(script);
    expect(ended).toEqual({ code: 0, line: 'EXEC OK - OK | TIME\n' });
    await isGone(Number(await file('pids')));
  });

  test('and prints a line of 60 KB is cut short', async () => {
    const { line } = await check('printf "%060000d" 1');
    expect(line).toBe(`EXEC OK - ${'0'.repeat(997)}... | TIME\n`);
  });

  test('and prints 60 KB that look like a number holds nothing up', async () => {
    const { line } = await check('printf "OK | a=%060000d! b=1"');
    expect(line).toBe('EXEC OK - OK | TIME b=1\n');
  });
});

describe('a plugin', () => {
  test('is given its arguments as they are, and none of the request', async () => {
    const { path, runs } = await fakeProgram(onTestFinished, 'cat; echo OK');
    const args = ['-H', 'a b', '$HOME', '--reply', '--', '-t', '5'];
    const { stdout, stderr } = await lbcheck(['exec', path, ...args], {
      input: 'GET / HTTP/1.1\r\n\r\n',
    });
    expect(parseResponse(stdout)).toMatchObject({ status: 200, body: 'EXEC is running.\nOK\n' });
    expect(stderr).toBe('');
    expect(await runs()).toEqual([args]);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
    'dies with the lbcheck that %s ends',
    async (signal) => {
      const script = 'sleep 60 & echo $$ $! >pids; wait';
      const { path, file } = await fakeProgram(onTestFinished, script);
      const args = ['exec', '--reply', 'plugin', '--timeout', '60', '--', path];
      const program = await start(onTestFinished, executable, args);
      const pids = (await file('pids')).trim().split(' ').map(Number);
      process.kill(program.pid, signal);
      await until('lbcheck has ended', async () => program.hasEnded());
      for (const pid of pids) await isGone(pid);
    },
  );

  test('is waited for by a resident that SIGTERM ends', async () => {
    const script = 'echo $$ >pids; sleep 0.5; echo received';
    const { path, file } = await fakeProgram(onTestFinished, script);
    const port = await freePort();
    const args = ['exec', '--listen', `127.0.0.1:${port}`, '--', path];
    const program = await start(onTestFinished, executable, args);
    await until('it listens', () => isListening(port));
    const answer = exchange(port, ['GET / HTTP/1.1\r\n\r\n']);
    await file('pids');
    process.kill(program.pid, 'SIGTERM');
    expect(parseResponse((await answer).text).body).toBe('EXEC is running.\nreceived\n');
    await until('lbcheck has ended', async () => program.hasEnded());
  });
});
