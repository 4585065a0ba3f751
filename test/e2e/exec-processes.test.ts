import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { executable, lbcheck } from '../support/executable.ts';
import { fakeProgram, isRunning } from '../support/fake-program.ts';
import { directory, until } from '../support/programs.ts';
import { ask, childOf, startResident } from '../support/resident.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

const isGone = (pid: number) => until(`${pid} is gone`, async () => !(await isRunning(pid)));

/** The children of a process, with its zombies. */
async function childrenOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean);
}

/**
 * A script that leaves processes behind: in its group, in another group, in another session, and an
 * orphan.
 */
const leavesMuch = 'sleep 60 & timeout 60 sleep 60 & setsid sleep 60 & (setsid sleep 60 &)';

describe.runIf(isRoot)('as process 1 of a container lbcheck keeps no dead child', () => {
  /** Asks five times, and expects no child a moment later. */
  async function expectNoChild(args: readonly string[], launcher: readonly string[] = []) {
    const container = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
    const resident = await startResident(onTestFinished, args, [...container, ...launcher]);
    const pid = childOf(resident.pid);
    for (let times = 0; times < 5; times += 1) await ask(resident.port);
    await until('it has no child', async () => (await childrenOf(pid)).length === 0);
    process.kill(pid, 'SIGTERM');
    await until('it has ended', async () => resident.hasEnded());
  }

  test('of a plugin that leaves processes behind', async () => {
    const { path } = await fakeProgram(onTestFinished, `${leavesMuch}; echo OK`);
    await expectNoChild(['exec', '--', path]);
  });

  test('of a plugin that hangs', async () => {
    const { path } = await fakeProgram(onTestFinished, `${leavesMuch}; sleep 60`);
    await expectNoChild(['exec', '--timeout', '0.3', '--', path]);
  });

  test('of a getent that hangs', async () => {
    const { path } = await fakeProgram(onTestFinished, `${leavesMuch}; sleep 60`);
    const files = await directory(onTestFinished);
    await run('cp', [path, join(files, 'getent')]);
    const args = ['rbl', '--zone', 'z.example', '--timeout', '0.3', 'list.example'];
    await expectNoChild(args, ['env', `PATH=${files}:${process.env.PATH}`]);
  });

  test('of an nmap that hangs', async () => {
    const { path } = await fakeProgram(onTestFinished, `${leavesMuch}; sleep 60`);
    await expectNoChild([
      'syn',
      '--engine',
      'nmap',
      '--timeout',
      '0.3',
      '--nmap',
      path,
      '127.0.0.1',
      '1',
    ]);
  });
});

describe.runIf(isRoot)('sudo', () => {
  /** The command that runs lbcheck as nobody, who may run everything as root by sudo. */
  async function asNobody() {
    const files = await directory(onTestFinished, { sudoers: 'nobody ALL=(ALL) NOPASSWD: ALL\n' });
    await chmod(join(files, 'sudoers'), 0o440);
    const mount = `mount --bind ${files}/sudoers /etc/sudoers; exec "$@"`;
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    return ['--mount', 'sh', '-c', mount, 'sh', ...nobody, executable];
  }

  test('starts what may not be killed, and the answer tells it', async () => {
    const { path, file } = await fakeProgram(onTestFinished, 'echo $$ >pid; exec sleep 60');
    const args = ['exec', '--reply', 'plugin', '--timeout', '2', '--', 'sudo', '-n', path];
    const ended = await lbcheck([...(await asNobody()), ...args], {
      command: 'unshare',
      input: '',
    });
    const pid = Number(await file('pid'));
    expect(await isRunning(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    expect(ended.stdout).toMatch(
      /^EXEC CRITICAL - sudo did not end before the deadline, and could not be killed: a part of it runs as another user \(sudo\) \|/,
    );
    expect(ended.code).toBe(2);
  });

  test('ends what it started by timeout(1), as the page of exec has it', async () => {
    const { path, file } = await fakeProgram(onTestFinished, 'echo $$ >pid; exec sleep 60');
    const plugin = ['sudo', '-n', 'timeout', '0.5', path];
    const args = ['exec', '--reply', 'plugin', '--timeout', '20', '--', ...plugin];
    const ended = await lbcheck([...(await asNobody()), ...args], {
      command: 'unshare',
      input: '',
    });
    expect(ended.stdout).toMatch(/^EXEC UNKNOWN - sudo ended with exit code 124/);
    await isGone(Number(await file('pid')));
  });
});

describe('a script without a first line for its interpreter', () => {
  /** Makes such a script; returns its path. */
  async function bareScript(script: string): Promise<string> {
    const files = await directory(onTestFinished, { bare: script });
    await chmod(join(files, 'bare'), 0o755);
    return join(files, 'bare');
  }

  test('is run by sh', async () => {
    const path = await bareScript('echo "OK - $1"\n');
    const { stdout } = await lbcheck(['exec', '--reply', 'plugin', path, 'a b']);
    expect(stdout).toMatch(/^EXEC OK - a b \|/);
  });

  test('is run by sh in the place of nmap too', async () => {
    const path = await bareScript('echo "no XML: $1" >&2\n');
    const args = ['syn', '--engine', 'nmap', '--reply', 'plugin', '--nmap', path, '127.0.0.1', '1'];
    expect((await lbcheck(args)).stdout).toMatch(/^SYN UNKNOWN - nmap failed: no XML: -sS/);
  });
});

// As in a container without the capabilities that the file demands (getcap(8), capabilities(7)).
test.runIf(isRoot)('a program whose file capabilities are forbidden is told so', async () => {
  const path = join(await directory(onTestFinished), 'plugin');
  await run('cp', ['/bin/true', path]);
  await run('setcap', ['cap_net_admin+ep', path]);
  const stdoutOf = async (...args: readonly string[]) => {
    const all = ['--bounding-set', '-net_admin', executable, ...args];
    return (await lbcheck(all, { command: 'setpriv', input: '' })).stdout;
  };
  const reason = /: the system forbids it: its file capabilities .*\(EPERM\)/;
  expect(await stdoutOf('exec', '--reply', 'plugin', path)).toMatch(reason);
  expect(
    await stdoutOf(
      'syn',
      '--reply',
      'plugin',
      '127.0.0.1',
      '1',
      '--engine',
      'nmap',
      '--nmap',
      path,
    ),
  ).toMatch(reason);
});

describe.runIf(isRoot)('on a machine without perl', () => {
  const withoutPerl = (args: readonly string[]) =>
    lbcheck(
      [
        '--mount',
        'sh',
        '-c',
        'mount --bind /dev/null /usr/bin/perl; exec "$@"',
        'sh',
        executable,
        ...args,
      ],
      { command: 'unshare', input: '' },
    );

  test('a plugin runs, and what it leaves in its group is killed', async () => {
    const { path, file } = await fakeProgram(onTestFinished, 'sleep 60 & echo $! >pid; echo OK');
    const { stdout, code } = await withoutPerl(['exec', '--reply', 'plugin', '--', path]);
    expect([stdout.slice(0, 12), code]).toEqual(['EXEC OK - OK', 0]);
    await isGone(Number(await file('pid')));
  });

  test('a plugin that hangs is killed with its children', async () => {
    const { path, file } = await fakeProgram(
      onTestFinished,
      'timeout 60 sleep 60 & echo $! >pid; wait',
    );
    const args = ['exec', '--reply', 'plugin', '--timeout', '2', '--', path];
    expect((await withoutPerl(args)).stdout).toMatch(/^EXEC CRITICAL - .* did not end/);
    await isGone(Number(await file('pid')));
  });

  test('a script without a first line is run by sh', async () => {
    const files = await directory(onTestFinished);
    await writeFile(join(files, 'bare'), 'echo OK\n', { mode: 0o755 });
    const { stdout } = await withoutPerl(['exec', '--reply', 'plugin', join(files, 'bare')]);
    expect(stdout).toMatch(/^EXEC OK - OK/);
  });
});
