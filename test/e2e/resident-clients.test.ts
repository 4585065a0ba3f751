import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { parseResponse } from '../support/executable.ts';
import { until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import {
  ask,
  askRepeatedly,
  descriptors,
  get,
  limitForOneMore,
  type Results,
  startResident,
} from '../support/resident.ts';
import { startHeldDnsServer } from '../support/resident-dns.ts';
import { exchange } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
let server: DnsServer;
let args: readonly string[];

beforeAll(async () => {
  server = await startDnsServer(working);
  cleanUp(() => server.close());
  args = argsFor(server);
});

const argsFor = ({ port }: { port: number }) => ['rbl', '127.0.0.1', String(port), '--zone', zone];

/** Opens connections and sends something on each; they stay until the test ends. */
async function open(port: number, many: number, text: string): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: many }, () => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    return socket.on('error', () => {});
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  if (text !== '')
    await Promise.all(sockets.map((socket) => new Promise((sent) => socket.write(text, sent))));
  return sockets;
}

describe('silent clients', () => {
  test('1,000 of them hold nobody up, and the longest silent goes first, told 408', async () => {
    const held = await startHeldDnsServer(onTestFinished, working);
    const { port, pid } = await startResident(onTestFinished, [
      ...[...argsFor(held), '--timeout', '20', '--request-timeout', '60'],
    ]);
    const waiting = ask(port);
    await until('it asks', async () => held.queries() > 0);
    const dismissed: number[] = [];
    const silent = Array.from({ length: 1000 }, (_unused, index) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      onTestFinished(() => void socket.destroy());
      let text = '';
      socket.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      socket.on('end', () => {
        expect(parseResponse(text).status).toBe(408);
        dismissed.push(index);
      });
      return once(socket, 'connect');
    });
    await Promise.all(silent);
    await until('it has room', async () => dismissed.length >= 1000 - 511);
    held.release();
    expect((await waiting).status).toBe(200);
    for (let count = 0; count < 20; count += 1) {
      const start = performance.now();
      expect((await ask(port)).status).toBe(200);
      expect(performance.now() - start).toBeLessThan(1500);
    }
    expect(Math.max(...dismissed)).toBeLessThan(600);
    expect(descriptors(pid)).toBeLessThan(512 + 48);
  });

  test('as many clients at once as there is room for are all answered', async () => {
    const { port } = await startResident(onTestFinished, args);
    const results: Results = { answered: 0, lost: [] };
    let left = 3000;
    await askRepeatedly(port, 500, results, () => left-- > 0);
    expect(results).toEqual({ answered: 3000, lost: [] });
  });
});

describe('a client that goes away', () => {
  test.each([
    ['resets', '', 0],
    ['resets amid its request', 'GET / HTTP/1.1\r\nHost', 0],
  ])('asks nothing of the target when it %s', async (_what, text, queries) => {
    const { port, pid } = await startResident(onTestFinished, args);
    const before = descriptors(pid);
    const asked = server.queries.length;
    for (let round = 0; round < 10; round += 1) {
      for (const socket of await open(port, 200, text)) socket.resetAndDestroy();
    }
    await until('nothing of them is left', async () => descriptors(pid) <= before);
    expect(server.queries.length - asked).toBe(queries);
    expect((await ask(port)).status).toBe(200);
  });

  test.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['end of file', (socket: Socket) => socket.destroy()],
  ])('leaves nothing behind by a %s during its probe', async (_what, goAway) => {
    const held = await startHeldDnsServer(onTestFinished, working);
    const { port, pid } = await startResident(onTestFinished, [
      ...[...argsFor(held), '--timeout', '20', '--no-control'],
    ]);
    const before = descriptors(pid);
    for (let round = 0; round < 10; round += 1) {
      for (const socket of await open(port, 100, get)) goAway(socket);
    }
    await until('it asks', async () => held.queries() > 0);
    held.release();
    expect((await ask(port)).status).toBe(200);
    await until('nothing of them is left', async () => descriptors(pid) <= before);
  });
});

describe('when descriptors run out', () => {
  test('it goes on answering during and after a flood', async () => {
    const { port, pid } = await startResident(onTestFinished, args, ['prlimit', '--nofile=64']);
    await ask(port);
    const before = descriptors(pid);
    for (let round = 0; round < 3; round += 1) {
      const flood = await open(port, 300, '');
      await until('it answers amid the flood', async () => {
        return (await exchange(port, [get])).text.includes(' 200 OK');
      });
      for (const socket of flood) socket.destroy();
      await until('nothing of them is left', async () => descriptors(pid) <= before);
      expect((await ask(port)).status).toBe(200);
    }
  });

  test('a check that has none left is unknown, and the next is made', async () => {
    const { port, pid } = await startResident(onTestFinished, args);
    const limit = (many: number) =>
      execFileSync('prlimit', ['--pid', String(pid), `--nofile=${many}:`]);
    limit(limitForOneMore(pid));
    const { status, body } = await ask(port);
    expect(status).toBe(503);
    expect(body).toMatch('EMFILE');
    limit(1024);
    expect((await ask(port)).status).toBe(200);
  });
});
