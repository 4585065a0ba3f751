import { createServer } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { parseResponse } from '../support/executable.ts';
import { freePort, until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import {
  ask,
  get,
  startResident,
  startUnderSystemd,
  startUnderXinetd,
} from '../support/resident.ts';
import { startHeldDnsServer } from '../support/resident-dns.ts';
import { exchange } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const argsFor = ({ port }: { port: number }) => ['rbl', '127.0.0.1', String(port), '--zone', zone];
let args: readonly string[];

beforeAll(async () => {
  const server = await startDnsServer(working);
  cleanUp(() => server.close());
  args = argsFor(server);
});

describe.each([
  ['of its own', startResident],
  ['of xinetd', startUnderXinetd],
  ['of systemd', startUnderSystemd],
] as const)('on a port %s', (_whose, start) => {
  let port: number;
  beforeAll(async () => {
    ({ port } = await start(cleanUp, [...args, '--request-timeout', '0.5']));
  });

  test.each([
    ['GET', get, 200],
    ['HEAD', 'HEAD / HTTP/1.1\r\n\r\n', 200],
    ["HAProxy's default", 'OPTIONS / HTTP/1.0\r\n\r\n', 200],
    ['a lone blank line', '\r\n', 200],
    ['another method', 'DELETE / HTTP/1.1\r\n\r\n', 405],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 400],
    ['20,000 fields', `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(20_000)}\r\n`, 431],
    ['a head that never ends', 'GET / HTTP/1.1\r\n', 408],
    ['silence', '', 408],
  ])('answers %s', async (_what, request, expected) => {
    const { status, fields } = await ask(port, request);
    expect(status).toBe(expected);
    expect(fields.allow).toBe(expected === 405 ? 'GET, HEAD, OPTIONS' : undefined);
  });

  test.each([
    ['a body', ['POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n', 'x'.repeat(200_000)], 405],
    ['a body behind GET', [get, 'x'.repeat(200_000)], 200],
    ['pipelined requests', [get.repeat(50)], 200],
    ['a blank line too many, as F5 does', [`${get}\r\n`], 200],
  ])('never answers %s with a reset', async (_what, parts, expected) => {
    const exchanges = Array.from({ length: 10 }, () => exchange(port, parts));
    for (const { text, error } of await Promise.all(exchanges)) {
      expect(error).toBeUndefined();
      expect(parseResponse(text).status).toBe(expected);
    }
  });

  test('answers a client that has closed its side without sending anything', async () => {
    for (const parts of [[get], []]) {
      const { text, error } = await exchange(port, parts, true);
      expect(error).toBeUndefined();
      expect(parseResponse(text).status).toBe(200);
    }
  });
});

test.each([
  [
    'plugin',
    /^RBL OK - dnsbl\.test: lists 127\.0\.0\.2 as 127\.0\.0\.2 \| time=[\d.]+s;;;0;1\.5\n$/,
  ],
  ['haproxy', /^up ready\n$/],
])('answers as %s at once', async (form, expected) => {
  const { port } = await startUnderXinetd(onTestFinished, [...args, '--reply', form]);
  const { text, error } = await exchange(port, []);
  expect(error).toBeUndefined();
  expect(text).toMatch(expected);
});

test('asks a TLS server, a port and a plugin as it asks a list', async () => {
  const talkative = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('hello\r\n'),
  );
  await new Promise<void>((listening) => talkative.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise((closed) => talkative.close(() => closed())));
  const bound = talkative.address();
  const target = ['127.0.0.1', String(typeof bound === 'object' ? bound?.port : '')];
  const bodyOf = async (...check: readonly string[]) => {
    const { port } = await startResident(onTestFinished, check);
    return (await ask(port)).body;
  };
  expect(await bodyOf('tls', ...target)).toMatch(/^TLS is running\.\n.* does not speak TLS/);
  expect(await bodyOf('syn', ...target)).toMatch(/^SYN is running\.\n.* is open \(syn-ack\)\n/);
  expect(await bodyOf('exec', '--', 'echo', 'fine')).toBe('EXEC is running.\nfine\n');
});

describe('clients that overlap', () => {
  /** Sixteen clients, all received when it returns, and none answered. */
  const sixteen = async (port: number) => {
    const clients = Array.from({ length: 16 }, () => ask(port));
    // Refused without a question, behind them all.
    await ask(port, 'DELETE / HTTP/1.1\r\n\r\n');
    return clients;
  };

  test('share one question, those behind it the next, and a later client causes a new one', async () => {
    const server = await startHeldDnsServer(onTestFinished, working);
    const check = [...argsFor(server), '--no-control', '--timeout', '20'];
    const { port } = await startUnderXinetd(onTestFinished, check);
    const clients = await sixteen(port);
    await until('it asks', async () => server.queries() > 0);
    server.release();
    for (const { status } of await Promise.all(clients)) expect(status).toBe(200);
    // The first of them may have come a moment before the others.
    const shared = server.queries();
    expect(shared).toBeLessThanOrEqual(2);
    await ask(port);
    expect(server.queries()).toBe(shared + 1);
  });

  test('share an answer later too, as long as --hold allows it', async () => {
    const server = await startHeldDnsServer(onTestFinished, working);
    server.release();
    const check = [...argsFor(server), '--no-control', '--hold', '300'];
    const { port } = await startResident(onTestFinished, check);
    for (let count = 0; count < 3; count += 1) await ask(port);
    expect(server.queries()).toBe(1);
  });

  test('learn at once of a list that has died', async () => {
    const dead = ['rbl', '127.0.0.1', String(await freePort()), '--zone', zone];
    const { port } = await startResident(onTestFinished, dead);
    const answers = await Promise.all(Array.from({ length: 16 }, () => ask(port)));
    for (const { status, body } of answers) {
      expect(status).toBe(503);
      expect(body).toMatch('nothing listens');
    }
  });
});
