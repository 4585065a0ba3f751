import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDnsServer } from '../support/dns-server.ts';
import { install, parseResponse } from '../support/executable.ts';
import { isRunning } from '../support/fake-program.ts';
import { replaceGetent } from '../support/getent.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import { ask, childOf, startResident, startUnderSystemd } from '../support/resident.ts';
import { allowedCalls } from '../support/system-calls.ts';
import { exchange } from '../support/xinetd.ts';

const units = resolve(import.meta.dirname, '../../systemd');
const service = readFileSync(join(units, 'lbcheck-rbl.service'), 'utf8');

/**
 * The units that are shipped, each as its socket and its service; a template has the name of an instance.
 */
const shipped = ['lbcheck-rbl', 'lbcheck', 'lbcheck@license'] as const;

/** Installs below a directory that every user may read; the units name the executable there. */
async function installed(unit: (typeof shipped)[number] = 'lbcheck-rbl') {
  const root = await directory(onTestFinished);
  install('--destdir', root, '--prefix', '/usr');
  const executable = join(root, 'usr/bin/lbcheck');
  const folder = join(root, 'usr/lib/systemd/system');
  const files = ['socket', 'service'].map((kind) => join(folder, `${unit}.${kind}`));
  if (unit.includes('@')) {
    // An instance is named as its template is, with a link.
    for (const kind of ['socket', 'service']) {
      symlinkSync(join(folder, `lbcheck@.${kind}`), join(folder, `${unit}.${kind}`));
    }
  }
  for (const file of files)
    execFileSync('sed', ['-i', `s|=/usr/bin/lbcheck|=${executable}|`, file]);
  return { root, executable, files };
}

/** What systemd-analyze reports about units, on a machine without others: systemd's targets are empty. */
async function verify(files: readonly string[]) {
  const targets = ['sysinit', 'basic', 'sockets', 'shutdown', 'paths', 'timers', 'slices'];
  const emptyUnits = targets.map((name) => [`${name}.target`, '[Unit]\n']);
  const others = await directory(onTestFinished, Object.fromEntries(emptyUnits));
  const folders = [...new Set(files.map(dirname)), others];
  const { stdout, stderr, status } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', ...files],
    {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: folders.join(':') },
    },
  );
  return { stdout, stderr, status };
}

describe('the shipped units', () => {
  test.each(shipped)('pass systemd-analyze verify: %s', async (unit) => {
    const { files } = await installed(unit);
    expect(await verify(files)).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  test('would not be, if they had a mistake', async () => {
    const { files } = await installed();
    appendFileSync(files[1] ?? '', 'KillMod=mixed\n');
    expect((await verify(files)).stderr).toMatch(/lbcheck-rbl\.service:\d+: Unknown key .KillMod/);
  });

  test.each(shipped)('expose little by systemd-analyze security: %s', async (unit) => {
    const { files } = await installed(unit);
    const args = ['security', '--offline=yes', '--threshold=20', '--no-pager', files[1] ?? ''];
    const { stdout, status } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect(stdout).toMatch(/Overall exposure level for lbcheck\S*\.service: [01]\.\d OK/);
    expect(status).toBe(0);
  });
});

describe('under what the shipped service forbids', () => {
  /** Refuses the same system calls with EPERM, hides the same parts of /proc, and runs as nobody. */
  const sandbox = async (args: readonly string[]) => {
    const { root, executable } = await installed();
    // A resolver where nothing listens, so that a look-up fails at once.
    const dead = await directory(onTestFinished, { 'resolv.conf': 'nameserver 127.0.0.1\n' });
    const mounts = [
      'mount -t proc -o hidepid=invisible,subset=pid proc /proc',
      `mount --bind ${dead}/resolv.conf /etc/resolv.conf`,
      'exec "$@"',
    ].join(' && ');
    const refused = `!${allowedCalls(service)
      .map((call) => `?${call}`)
      .join(',')}`;
    const { pid, ...resident } = await startResident(
      onTestFinished,
      args,
      [
        ...['unshare', '--mount', 'sh', '-c', mounts, 'sh', 'prlimit', '--nofile=2048'],
        ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'],
        ...['--bounding-set=-all', 'strace', '--follow-forks', '--quiet=all'],
        '--signal=none',
        `--trace=${refused}`,
        `--inject=${refused}:error=EPERM`,
      ],
      executable,
    );
    const lbcheck = childOf(pid);
    onTestFinished(() => {
      // It may have ended a moment ago.
      try {
        if (!resident.hasEnded()) process.kill(lbcheck, 'SIGKILL');
      } catch {}
    });
    return { ...resident, root, lbcheck };
  };

  /** The calls that were refused, except one that V8 does not need: memory protection keys. */
  const refusedIn = (trace: string) =>
    trace.split('\n').filter((line) => line.includes('INJECTED') && !line.includes('pkey_alloc'));

  test('it answers, and leaves at SIGTERM', async () => {
    const server = await startDnsServer(working);
    onTestFinished(() => server.close());
    const args = ['rbl', '127.0.0.1', String(server.port), '--zone', zone];
    const { port, lbcheck, output } = await sandbox(args);
    for (let count = 0; count < 20; count += 1) expect((await ask(port)).status).toBe(200);
    process.kill(lbcheck, 'SIGTERM');
    await until('it has left', async () => !(await isRunning(lbcheck)));
    expect(refusedIn(output())).toEqual([]);
  });

  test('it looks names up', async () => {
    const { port, output } = await sandbox(['rbl', 'nowhere.example', '--zone', zone]);
    expect((await ask(port)).body).toMatch('nowhere.example does not resolve to an address');
    expect(refusedIn(output())).toEqual([]);
  });
});

describe('what systemd hands over', () => {
  test('is answered on, if it is two sockets', async () => {
    const server = await startDnsServer(working);
    onTestFinished(() => server.close());
    const ports = [await freePort(), await freePort()];
    const { executable } = await installed();
    const { pid } = await start(onTestFinished, 'systemd-socket-activate', [
      ...ports.flatMap((port) => ['-l', `127.0.0.1:${port}`]),
      ...['-E', 'PATH', executable, 'rbl', '127.0.0.1', String(server.port), '--zone', zone],
      ...['--listen', 'systemd', '--idle-exit', '1'],
    ]);
    for (const port of [...ports, ...ports]) {
      await until(
        'it is answered',
        async () => (await ask(port).catch(() => undefined))?.status === 200,
      );
    }
    await until('it has left', async () => !(await isRunning(pid)));
  });

  test('is answered on, if it is a unix socket', async () => {
    const server = await startDnsServer(working);
    onTestFinished(() => server.close());
    const path = join(await directory(onTestFinished), 'socket');
    const { executable } = await installed();
    const { output, ...activate } = await start(onTestFinished, 'systemd-socket-activate', [
      ...['-l', path, '-E', 'PATH', executable],
      ...['rbl', '127.0.0.1', String(server.port), '--zone', zone, '--listen', 'systemd'],
    ]);
    await until('it listens', async () => existsSync(path));
    const { text } = await exchange(path, ['GET / HTTP/1.1\r\n\r\n']);
    expect(parseResponse(text).status).toBe(200);
    expect(output()).toMatch(/^listening on its socket, lbcheck /m);
    process.kill(activate.pid);
    await until('it says that it has ended', async () => /^ended$/m.test(output()));
  });

  test('is not given to a child', async () => {
    const getent = replaceGetent('ls -l /proc/self/fd >fds; env >env; echo 127.0.0.1 STREAM');
    const { port } = await startUnderSystemd(onTestFinished, [
      'rbl',
      'list.example',
      '--zone',
      zone,
    ]);
    await ask(port);
    const fds = (await readFile(join(getent, 'fds'), 'utf8')).trim().split('\n');
    // 3 is the listing's own.
    expect(fds.map((line) => / (\d+) -> /.exec(line)?.[1]).filter(Boolean)).toEqual([...'0123']);
    expect(fds.at(-1)).toMatch(/ 3 -> \/proc\//);
    expect(await readFile(join(getent, 'env'), 'utf8')).not.toMatch('LISTEN_');
  });
});
