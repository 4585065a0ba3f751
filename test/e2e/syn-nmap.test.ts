import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { denySockets } from '../support/denied-sockets.ts';
import { environment, executable, launched, launcher, lbcheck } from '../support/executable.ts';
import { fakeProgram, isRunning } from '../support/fake-program.ts';
import { directory, until } from '../support/programs.ts';
import { nmap770, printing, xmlOf } from '../support/syn-nmap.ts';

/** Asks for the port 25 of a machine that does not exist by an nmap alone. */
const byNmap = (path: string) => [
  ...['syn', '192.0.2.7', '25', '--engine', 'nmap', '--nmap', path, '--reply', 'plugin'],
];

describe('an nmap', () => {
  test('of version 7.70 is right by its neighbour', async () => {
    const nmap = await fakeProgram(onTestFinished, nmap770(25));
    const args = byNmap(nmap.path);
    expect((await lbcheck(args)).stdout).toMatch(/^SYN OK - 192\.0\.2\.7:25 is open/);
    expect((await lbcheck([...args, '--adjacent', 'never'])).stdout).toMatch(/^SYN CRITICAL/);
  });

  test('that is missing is UNKNOWN', async () => {
    const args = ['syn', '192.0.2.7', '25', '--engine', 'nmap', '--reply', 'plugin'];
    const env = { PATH: await directory(onTestFinished) };
    const answer = await lbcheck([...launched, ...args], {
      ...{ command: launcher, input: '', env },
    });
    expect(answer.stdout).toMatch(
      /^SYN UNKNOWN - nmap cannot be run as 'nmap': there is no such program \(ENOENT\): install it/,
    );
    expect(answer).toMatchObject({ code: 3, stderr: '' });
  });

  test.each([
    ['hangs', 'sleep 60 & echo $$ $! >pids; wait'],
    [
      'hangs with a child of nobody',
      '(sleep 60 & echo $! >child); echo $$ $(cat child) >pids; sleep 60',
    ],
    ['leaves a child that holds its stdout', 'sleep 60 & echo $! >pids; exit 0'],
  ])('that %s is killed with its children at the deadline', async (_what, script) => {
    const nmap = await fakeProgram(onTestFinished, script);
    const start = performance.now();
    const args = [...byNmap(nmap.path), '-t', '0.5'];
    const { code, stdout, stderr } = await lbcheck(args);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(stdout).toMatch(/^SYN UNKNOWN - nmap /);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    for (const pid of (await nmap.file('pids')).trim().split(' ')) {
      await until(`${pid} is gone`, async () => !(await isRunning(Number(pid))));
    }
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends with us at a %s', async (signal) => {
    const nmap = await fakeProgram(onTestFinished, 'sleep 60 & echo $$ $! >pids; wait');
    const args = [...byNmap(nmap.path), '-t', '50'];
    const check = spawn(executable, args, { env: environment, stdio: 'ignore' });
    const ended = new Promise((exit) => check.on('exit', (_code, by) => exit(by)));
    const pids = (await nmap.file('pids')).trim().split(' ');
    check.kill(signal);
    expect(await ended).toBe(signal);
    for (const pid of pids) {
      await until(`${pid} is gone`, async () => !(await isRunning(Number(pid))));
    }
  });

  test('has no control character and no bar of its own in the answer', async () => {
    const nmap = await fakeProgram(onTestFinished, "printf 'a|b\\033[2J\\tc\\n' >&2; exit 1");
    const args = byNmap(nmap.path);
    expect((await lbcheck(args)).stdout).toMatch(/^SYN UNKNOWN - [^|\x00-\x1f]+\n$/);
  });
});

// nmap sends nothing then, and calls the port filtered.
describe.runIf(process.getuid?.() === 0)('a packet that nmap could not send is no silence', () => {
  const unsent = 'nmap could not send its packets: socket: ';
  test.each([
    ['EAFNOSUPPORT', 2, '[::1]:25 is unreachable (Address family not supported by protocol)'],
    ['EPERM', 3, `${unsent}Operation not permitted`],
    ['EMFILE', 3, `${unsent}Too many open files`],
  ] as const)('%s', async (errno, code, text) => {
    for (const engine of ['nmap', 'auto']) {
      const args = ['syn', '::1', '25', '--engine', engine, '--reply', 'plugin'];
      const [command, ...rest] = denySockets('IPv6', errno, [launcher, ...launched, ...args]);
      const ending = await lbcheck(rest, { command, input: '' });
      expect(ending.stdout).toContain(text);
      expect(ending).toMatchObject({ code, stderr: '' });
    }
  });
});

describe('nmap gets', () => {
  test('one address and one port, and the environment', async () => {
    const script = `echo "$MARK" >mark\n${printing(xmlOf(25, 'open', 'syn-ack'))}`;
    const nmap = await fakeProgram(onTestFinished, script);
    const args = ['syn', 'localhost', '25', '--nmap', nmap.path, '--reply', 'plugin'];
    const env = { ...environment, MARK: '0x20000007' };
    expect((await lbcheck(args, { input: '', env })).code).toBe(0);
    const [first = [], ...more] = await nmap.runs();
    expect(first.slice(-5)).toEqual(['-p', '25', '-oX', '-', '127.0.0.1']);
    expect(first.filter((word) => word.includes('.'))).toEqual(['127.0.0.1']);
    expect(more).toEqual([]);
    expect(await nmap.file('mark')).toBe('0x20000007\n');
  });
});

test('nmap is never started for a host or a port that is more than one', async () => {
  const nmap = await fakeProgram(onTestFinished, '');
  // test/probes/syn/hostile.test.ts knows all others.
  for (const args of [
    ['-iL', '25'],
    ['--', '--script=x', '25'],
    ['10.0.0.0/30', '25'],
    ['-H', '10.0.0.1-5', '-p', '25'],
    ['192.0.2.7', '25-26'],
  ]) {
    const all = ['syn', '--reply', 'plugin', '--nmap', nmap.path, ...args];
    const { code, stdout } = await lbcheck(all);
    expect(stdout, args.join(' ')).toMatch(/^SYN UNKNOWN - [^\n]+\n$/);
    expect({ args, code }).toEqual({ args, code: 3 });
  }
  expect(await nmap.runs()).toEqual([]);
});
