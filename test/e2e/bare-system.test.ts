import { symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { executable, launched, launcher, lbcheck, parseResponse } from '../support/executable.ts';
import { directory, freePort, until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import { ask, childOf, get, startResident } from '../support/resident.ts';
import { exchange, startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
/** Arguments of a check that is ok, and of one that is critical. */
let ok: readonly string[];
let critical: readonly string[];

beforeAll(async () => {
  const server = await startDnsServer(working);
  cleanUp(() => server.close());
  ok = ['rbl', '127.0.0.1', String(server.port), '--zone', zone];
  critical = ['tls', '127.0.0.1', String(await freePort())];
});

/** A command that runs its arguments behind a line of sh, in a mount namespace of its own. */
const behind = (line: string) => [
  ...['unshare', '--map-root-user', '--mount', 'sh', '-c', `${line} && exec "$@"`, 'sh'],
];

const deleted = 'd=$(mktemp -d) && cd $d && rmdir $d';
const withoutProc = 'mount -t tmpfs none /proc';

describe.each([
  [
    'in a directory outside the root directory',
    behind('mount -t tmpfs none /mnt && cd /mnt && umount -l /mnt'),
  ],
  [
    // A shell would not go there.
    'in a directory with too long a path',
    [
      ...behind('mount -t tmpfs none /mnt'),
      ...[
        'perl',
        '-e',
        'chdir "/mnt"; for (1 .. 25) { mkdir "x" x 200; chdir "x" x 200 } exec @ARGV',
      ],
    ],
  ],
  ['without /proc and without a limit of the stack', behind(`ulimit -s unlimited; ${withoutProc}`)],
  ['without /proc and with a small stack', behind(`ulimit -s 512; ${withoutProc}`)],
])('%s', (_place, enter) => {
  test('a client gets its answer', async () => {
    const [command = '', ...args] = [...enter, executable, ...ok];
    const { stdout, ...ending } = await lbcheck(args, { command, input: get });
    expect(parseResponse(stdout)).toMatchObject({ status: 200, body: /^RBL is running\./ });
    expect(ending).toEqual({ code: 0, stderr: '' });
  });
});

describe.each([
  ['in a deleted directory', deleted],
  ['without /proc', withoutProc],
])('%s', (_place, line) => {
  function run(program: string, args: readonly string[], input = '') {
    const [command = '', ...rest] = [...behind(line), program, ...args];
    return lbcheck(rest, { command, input });
  }
  const start = (args: readonly string[], input?: string) => run(executable, args, input);

  test('a client of HTTP gets its answer', async () => {
    const { stdout, ...ending } = await start(ok, get);
    expect(parseResponse(stdout)).toMatchObject({ status: 200, body: /^RBL is running\./ });
    expect(ending).toEqual({ code: 0, stderr: '' });
    const failed = await start(critical, get);
    expect(parseResponse(failed.stdout)).toMatchObject({ status: 503, body: /nothing listens/ });
    expect(failed).toMatchObject({ code: 1, stderr: '' });
  });

  test.each([
    ['plugin', 0, /^RBL OK - .*\n$/, 2, /^TLS CRITICAL - nothing listens .*\n$/],
    ['haproxy', 0, /^up ready\n$/, 1, /^down #nothing listens .*\n$/],
    ['json', 0, /^\{"status":"pass".*\}\n$/, 1, /^\{"status":"fail".*\}\n$/],
    ['prometheus', 0, /^probe_success\{.*\} 1$/m, 1, /^probe_success\{.*\} 0$/m],
  ])('a client of %s gets its answer', async (form, code, stdout, failure, reason) => {
    const reply = ['--reply', form];
    expect(await start([...ok, ...reply])).toEqual({
      ...{ code, stdout: expect.stringMatching(stdout), stderr: '' },
    });
    expect(await start([...critical, ...reply])).toEqual({
      ...{ code: failure, stdout: expect.stringMatching(reason), stderr: '' },
    });
  });

  test('a plugin is known by its name', async () => {
    const name = join(await directory(onTestFinished), 'check_dnsbl');
    await symlink(executable, name);
    expect(await run(name, ok.slice(1))).toEqual({
      ...{ code: 0, stdout: expect.stringMatching(/^RBL OK - /), stderr: '' },
    });
  });

  test('a mistake is told', async () => {
    const { code, stdout, stderr } = await start(['rbl', '--reply', 'plugin']);
    expect(stdout).toMatch(/^RBL UNKNOWN - --zone is missing/);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^lbcheck(-linux-x64)? rbl: --zone is missing/);
  });

  test('plugins run', async () => {
    const command = ['exec', '--reply', 'plugin', '--', '/bin/sh', '-c', 'echo here; exit 2'];
    expect(await start(command)).toEqual({
      ...{ code: 2, stdout: expect.stringMatching(/^EXEC CRITICAL - here \|/), stderr: '' },
    });
  });

  test('a resident answers, and ends in order', async () => {
    const resident = await startResident(onTestFinished, ok, behind(line));
    expect((await ask(resident.port)).status).toBe(200);
    process.kill(resident.pid, 'SIGTERM');
    await until('it has ended', async () => resident.hasEnded());
    expect(resident.output()).toMatch(/^listening on [^\n]*\n(rbl [^\n]* ok: [^\n]*\n)?ended\n$/);
  });

  test('a file of checks is served and read again', async () => {
    const folder = await directory(onTestFinished, { checks: `good ${ok.join(' ')}\n` });
    const file = join(folder, 'checks');
    const resident = await startResident(onTestFinished, ['serve', file], behind(line));
    expect((await ask(resident.port, 'GET /good HTTP/1.1\r\n\r\n')).status).toBe(200);
    await writeFile(file, `good ${ok.join(' ')}\nbad ${critical.join(' ')}\n`);
    process.kill(resident.pid, 'SIGHUP');
    await until('it has read the file again', async () => resident.output().includes('1 added'));
    expect((await ask(resident.port, 'GET /bad HTTP/1.1\r\n\r\n')).status).toBe(503);
  });

  test('a socket that listens on stdin is served, by one process', async () => {
    const folder = await directory(onTestFinished, { enter: `${line} && exec "$@"\n` });
    const command = ['--map-root-user', '--mount', 'sh', join(folder, 'enter')];
    const xinetd = await startXinetd(
      onTestFinished,
      '',
      {
        ...{ server: '/usr/bin/unshare', user: userInfo().username },
        server_args: [...command, launcher, ...launched, ...ok].join(' '),
      },
      'lbcheck-rbl-resident',
    );
    const processes = new Set<number>();
    for (let count = 0; count < 5; count += 1) {
      const { text, error } = await exchange(xinetd.port, [get]);
      expect(error).toBeUndefined();
      expect(parseResponse(text).status).toBe(200);
      processes.add(childOf(xinetd.pid));
    }
    expect(processes.size).toBe(1);
  });
});
