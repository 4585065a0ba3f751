import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { executable, parseResponse } from '../support/executable.ts';
import { fakeProgram, isRunning } from '../support/fake-program.ts';
import { directory, freePort, type Program, start, until } from '../support/programs.ts';
import { startWorkingList, working, zone } from '../support/rbl.ts';
import {
  ask,
  askRepeatedly,
  childOf,
  get,
  type Results,
  startResident,
  startUnderSystemd,
  startUnderXinetd,
} from '../support/resident.ts';
import { startHeldDnsServer } from '../support/resident-dns.ts';
import { exchange, isListening } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
let args: readonly string[];

beforeAll(async () => {
  args = await startWorkingList(cleanUp);
});

const wait = (seconds: number) => new Promise((over) => setTimeout(over, seconds * 1000));

describe.each([
  ['xinetd', startUnderXinetd],
  ['systemd', startUnderSystemd],
] as const)('under %s no connection is lost', (_superserver, startUnder) => {
  test('at the idle exit', { timeout: 120_000 }, async () => {
    const idleExit = 0.05;
    const stand = await startUnder(onTestFinished, [...args, '--idle-exit', String(idleExit)]);
    const results: Results = { answered: 0, lost: [] };
    const residents = new Set<number>();
    const once = (many: number) => {
      let left = many;
      return () => left-- > 0;
    };
    for (let round = 0; round < 60; round += 1) {
      await askRepeatedly(stand.port, 1, results, once(1));
      residents.add(stand.resident());
      await wait(idleExit + ((round % 21) - 8) / 1000);
      await askRepeatedly(stand.port, 40, results, once(40));
    }
    expect(results).toEqual({ answered: 60 * 41, lost: [] });
    expect(residents.size).toBeGreaterThan(10);
  });

  test('at SIGTERM', async () => {
    const stand = await startUnder(onTestFinished, args);
    const results: Results = { answered: 0, lost: [] };
    let ends = 0;
    const asking = askRepeatedly(stand.port, 16, results, () => ends < 20);
    for (; ends < 20; ends += 1) {
      const before = results.answered;
      await until('a resident answers', async () => results.answered > before + 50);
      const pid = stand.resident();
      process.kill(pid, 'SIGTERM');
      await until('it is gone', async () => !(await isRunning(pid)));
    }
    await asking;
    expect(results.lost).toEqual([]);
    expect(results.answered).toBeGreaterThan(1000);
  });
});

test.each(['SIGTERM', 'SIGQUIT'] as const)(
  'the port is free for the next xinetd after a %s, again and again',
  async (signal) => {
    const { port, next, ...first } = await startUnderXinetd(onTestFinished, args);
    let now: Program = first;
    for (let count = 0; count < 12; count += 1) {
      await ask(port);
      const [xinetd, resident] = [now.pid, childOf(now.pid)];
      process.kill(xinetd, signal);
      // Nobody tells the resident, which would stay for a minute.
      for (const old of [xinetd, resident]) {
        await until('the old ones are gone', async () => !(await isRunning(old)));
      }
      now = await next();
    }
    await ask(port);
  },
);

describe('at SIGTERM', () => {
  const leaves = (pid: number) => until('the resident leaves', async () => !(await isRunning(pid)));

  test('it answers those whose probe is under way', async () => {
    const server = await startHeldDnsServer(onTestFinished, working);
    const slow = ['rbl', '127.0.0.1', String(server.port), '--zone', zone, '--timeout', '20'];
    const { port, pid } = await startResident(onTestFinished, slow);
    const asked = Array.from({ length: 8 }, () => ask(port));
    await until('it asks', async () => server.queries() > 0);
    process.kill(pid, 'SIGTERM');
    await until('it does not listen any more', async () => !(await isListening(port)));
    process.kill(pid, 'SIGTERM');
    server.release();
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
    await leaves(pid);
  });

  test('it lets nmap finish', async () => {
    const nmap = await fakeProgram(
      onTestFinished,
      'echo >started; until [ -e go ]; do sleep 0.02; done; exec nmap "$@"',
    );
    const target = await freePort();
    const { port, pid } = await startResident(onTestFinished, [
      ...['syn', '127.0.0.1', String(target), '--nmap', nmap.path, '--timeout', '20'],
    ]);
    const asked = ask(port);
    await nmap.file('started');
    process.kill(pid, 'SIGTERM');
    await until('it does not listen any more', async () => !(await isListening(port)));
    await writeFile(join(dirname(nmap.path), 'go'), '');
    expect((await asked).body).toMatch(`127.0.0.1:${target} is closed (reset)`);
    await leaves(pid);
  });

  test('it waits no longer than a moment for a silent client', async () => {
    const { port, pid } = await startResident(onTestFinished, [...args, '--request-timeout', '60']);
    const silent = exchange(port, ['GET / HTTP/1.1\r\n']);
    await ask(port);
    process.kill(pid, 'SIGTERM');
    const start = performance.now();
    expect(parseResponse((await silent).text).status).toBe(408);
    await leaves(pid);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

test('on a unix socket, it answers those whose probe is under way at SIGTERM', async () => {
  const server = await startHeldDnsServer(onTestFinished, working);
  const slow = ['rbl', '127.0.0.1', String(server.port), '--zone', zone, '--timeout', '20'];
  const path = join(await directory(onTestFinished), 'socket');
  const { pid, output } = await start(onTestFinished, 'systemd-socket-activate', [
    ...['-l', path, '-E', 'PATH', executable, ...slow, '--listen', 'systemd'],
  ]);
  await until('systemd-socket-activate listens', async () => existsSync(path));
  const answer = new Promise<string>((resolve) => {
    let text = '';
    const client = connect(path).setEncoding('utf8');
    client.on('error', () => {}).on('close', () => resolve(text));
    client.on('data', (part) => {
      text += part;
    });
    client.write(get);
  });
  await until('it asks', async () => server.queries() > 0);
  process.kill(pid, 'SIGTERM');
  server.release();
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  await until('it leaves', async () => !(await isRunning(pid)));
  expect(output()).toMatch(/\nended\n$/);
});

test('it leaves when what started it is gone, though nobody tells it', async ({
  onTestFinished,
}) => {
  const port = await freePort();
  const superserver = '"$@" <&3 >&3 2>&3 3>&- & wait';
  const { pid } = await start(onTestFinished, 'systemd-socket-activate', [
    ...['-l', `127.0.0.1:${port}`, '-E', 'PATH', 'sh', '-c', superserver, 'sh'],
    ...[executable, ...args, '--listen', 'inetd', '--idle-exit', '600'],
  ]);
  await until('systemd-socket-activate listens', () => isListening(port));
  await ask(port);
  const resident = childOf(pid);
  process.kill(pid, 'SIGKILL');
  await until('the resident leaves', async () => !(await isRunning(resident)));
  expect(await isListening(port)).toBe(false);
});
