import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openConnection } from '../support/connection.ts';
import { environment, executable, lbcheck, parseResponse } from '../support/executable.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { ask, get, startResident, startUnderXinetd } from '../support/resident.ts';
import { isListening } from '../support/xinetd.ts';

const args = ['rbl', '127.0.0.1', '--zone', 'dnsbl.test'];

describe('where it cannot listen', () => {
  test.each([
    ...['8088', ':0', ':65536', '127.0.0.1', '127.0.0.1:', 'inetd:', '[::1', '::1:8088', 'a b:1'],
  ])('--listen %s is answered with 503 and what is wrong', async (where) => {
    const { stdout, stderr, code } = await lbcheck([...args, '--listen', where], { input: get });
    const { status, body } = parseResponse(stdout);
    expect({ status, code }).toEqual({ status: 503, code: 1 });
    expect(stderr).toMatch(`argument '${where}' is invalid`);
    expect(body).toMatch(`option '--listen <WHERE>' argument '${where}' is invalid`);
  });

  test('a port that is taken is reported on stderr', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => new Promise((closed) => server.close(() => closed())));
    const bound = server.address();
    const where = `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
    const { stdout, stderr, code } = await lbcheck([...args, '--listen', where]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch(` rbl: --listen ${where}: `);
    expect(stderr).toMatch('EADDRINUSE');
    expect(stderr).not.toMatch('--help');
  });

  test.each([
    ['no socket', {}],
    ['sockets of another process', { LISTEN_PID: '1', LISTEN_FDS: '1' }],
    ['no number of sockets', { LISTEN_PID: '1', LISTEN_FDS: 'all' }],
  ])('%s from systemd is reported on stderr', async (_what, handed) => {
    const env = { ...environment, ...handed };
    const { stdout, stderr, code } = await lbcheck([...args, '--listen', 'systemd'], {
      ...{ input: '', env },
    });
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch('--listen systemd: no socket was handed over');
  });

  test.each(['pipe', '/dev/null'])('%s from inetd is answered with 503', async (stdin) => {
    const shell = ['-c', `exec "$@" ${stdin === 'pipe' ? '' : '</dev/null'}`, 'sh', executable];
    const { stdout, stderr } = await lbcheck([...shell, ...args, '--listen', 'inetd'], {
      ...{ command: 'sh', input: get },
    });
    expect(stderr).toBe('');
    expect(parseResponse(stdout).body).toMatch('stdin is not the listening socket');
  });

  test('the connection that wait = no gives is answered with 503', async () => {
    const { client, ours } = await openConnection();
    const child = spawn(executable, [...args, '--listen', 'inetd'], {
      ...{ env: environment, stdio: [ours, ours, ours] },
    });
    onTestFinished(() => void child.kill());
    ours.destroy();
    let text = '';
    client.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
    client.write(get);
    await new Promise((over) => client.once('close', over).once('end', () => client.destroy()));
    const { status, body } = parseResponse(text);
    expect(status).toBe(503);
    expect(body).toMatch('stdin is not the listening socket that xinetd gives with wait = yes');
  });
});

describe('a wrong command line', () => {
  test('is answered under xinetd, to one client after the other, by one process', async () => {
    const { port, resident } = await startUnderXinetd(onTestFinished, [
      'rbl',
      '--zone',
      'bad..zone',
    ]);
    const processes = new Set<number>();
    for (let count = 0; count < 20; count += 1) {
      const { status, body } = await ask(port);
      expect(status).toBe(503);
      expect(body).toMatch("option '--zone <ZONE>' argument 'bad..zone' is invalid");
      processes.add(resident());
    }
    expect(processes.size).toBe(1);
  });

  test('is answered on its own port, and reported on stderr', async () => {
    const { port, output } = await startResident(onTestFinished, ['rbl', '--zone', 'bad..zone']);
    expect((await ask(port)).body).toMatch("argument 'bad..zone' is invalid");
    expect(output()).toMatch(/^\S+ rbl: option '--zone <ZONE>' argument 'bad\.\.zone' is invalid/);
  });

  test.each([
    ['a right', args, ''],
    ['a wrong', ['rbl', '--zone', 'bad..zone'], /^\S+ rbl: .*'bad\.\.zone' is invalid.*\n.*\n$/],
  ])(
    'stderr, if it is no socket, is told under inetd of %s command line',
    async (_which, check, expected) => {
      const files = await directory(onTestFinished);
      const port = await freePort();
      const inetd = 'exec "$@" <&3 3>&- >"$0/stdout" 2>"$0/stderr"';
      const { pid } = await start(onTestFinished, 'systemd-socket-activate', [
        ...['-l', `127.0.0.1:${port}`, '-E', 'PATH', 'sh', '-c', inetd, files],
        ...[executable, ...check, '--listen', 'inetd'],
      ]);
      await until('systemd-socket-activate listens', () => isListening(port));
      expect((await ask(port)).status).toBe(503);
      process.kill(pid, 'SIGTERM');
      await until('it has left', async () => !(await isListening(port)));
      expect(await readFile(join(files, 'stdout'), 'utf8')).toBe('');
      const stderr = await readFile(join(files, 'stderr'), 'utf8');
      if (expected === '') expect(stderr).toBe('');
      else expect(stderr).toMatch(expected);
    },
  );
});
