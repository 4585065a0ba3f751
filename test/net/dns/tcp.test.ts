import { createServer, type Socket } from 'node:net';
import * as packet from 'dns-packet';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Question } from '../../../src/net/dns/message.ts';
import { takeMessages, withLength } from '../../../src/net/dns/stream.ts';
import { openTcp } from '../../../src/net/dns/tcp.ts';
import { a, malformed, withWrongId } from '../../support/dns-messages.ts';
import { reply } from '../../support/dns-server.ts';
import { openDnsServer, openTarget } from '../../support/open-servers.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const answers = [a(question.name, '127.0.0.2')];
const listed = { kind: 'reply', answers: [{ type: 'A', fields: ['127.0.0.2'] }] };
const silence = { kind: 'silence', ignored: 0 };
const deadline = (seconds: number) => AbortSignal.timeout(seconds * 1000);

/** A server that does with each connection and each query on it what it likes. */
async function listen(act: (socket: Socket, query: packet.DecodedPacket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.on(
      'data',
      takeMessages((query) => act(socket, packet.decode(query))),
    );
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { address: '127.0.0.1', port, connections: () => sockets.length };
}

interface Asked {
  readonly address: string;
  readonly port: number;
}

function open({ address, port }: Asked, signal = deadline(10)) {
  const exchange = openTcp({ address, port, isRecursive: true }, signal);
  onTestFinished(() => exchange.close());
  return exchange;
}

const ask = (server: Asked, signal = deadline(10)) => open(server, signal).ask(question);

describe('a question over TCP', () => {
  test.each(['127.0.0.1', '::1'])('is answered by a server on %s', async (address) => {
    const server = await openDnsServer((query) => [reply(query, { answers })], address);
    expect(await ask(server)).toMatchObject(listed);
    expect(server.queries).toMatchObject([{ transport: 'tcp', ...question }]);
  });

  test('is answered though the answer comes byte by byte', async () => {
    const server = await listen(async (socket, query) => {
      socket.setNoDelay(true);
      for (const byte of withLength(reply(query, { answers }))) {
        await new Promise((sent) => socket.write(Buffer.from([byte]), sent));
        await new Promise(setImmediate);
      }
    });
    expect(await ask(server)).toMatchObject(listed);
  });

  test('is answered though strangers come first, all in one segment', async () => {
    const server = await listen((socket, query) => {
      const strangers = [withWrongId(reply(query, { rcode: 5 })), Buffer.alloc(0)];
      const messages = [...strangers, reply(query, { answers })];
      socket.write(Buffer.concat(messages.map(withLength)));
    });
    expect(await ask(server)).toMatchObject(listed);
  });

  test('counts strangers until the deadline', async () => {
    const server = await listen((socket, query) => {
      socket.write(withLength(withWrongId(reply(query, { answers }))));
    });
    expect(await ask(server, deadline(0.3))).toEqual({ kind: 'silence', ignored: 1 });
  });

  test('ends as malformed when only strangers come', async () => {
    const server = await listen((socket, query) => {
      const stranger = withLength(withWrongId(reply(query, { answers })));
      socket.write(Buffer.concat(Array(17).fill(stranger)));
    });
    expect(await ask(server)).toEqual({ kind: 'malformed' });
  });

  test.each<[string, (query: packet.DecodedPacket) => Buffer]>([
    ['cannot be read', malformed],
    // There is nowhere left to ask for the rest.
    ['is truncated', (query) => reply(query, { answers, flags: packet.TRUNCATED_RESPONSE })],
  ])('ends as malformed when the answer %s', async (_what, message) => {
    const server = await listen((socket, query) => socket.write(withLength(message(query))));
    expect(await ask(server)).toEqual({ kind: 'malformed' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['ends the connection', (socket) => socket.end()],
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    ['ends within a message', (socket) => socket.end(Buffer.from([0, 40, 1, 2, 3]))],
  ])('ends as closed when the server %s', async (_what, act) => {
    expect(await ask(await listen(act))).toEqual({ kind: 'closed' });
  });

  test('is unreachable where nothing listens', async () => {
    const failure = { kind: 'unreachable', code: 'ECONNREFUSED' };
    expect(await ask(await openTarget('refusing'))).toEqual({
      ...{ kind: 'failed', transport: 'TCP', failure },
    });
  });

  test('ends as silence at the abort, and its connection with it', async () => {
    let closed = false;
    let asked = false;
    const server = await listen((socket) => {
      asked = true;
      socket.on('close', () => {
        closed = true;
      });
    });
    const abort = new AbortController();
    const answer = ask(server, abort.signal);
    await vi.waitUntil(() => asked);
    abort.abort();
    expect(await answer).toEqual(silence);
    await vi.waitUntil(() => closed);
  });

  test('is silence when it begins after the abort', async () => {
    expect(await ask(await openTarget('silent'), AbortSignal.abort())).toEqual(silence);
  });
});

describe('questions over TCP', () => {
  const askMany = (server: Asked, count: number, signal = deadline(10)) => {
    const exchange = open(server, signal);
    const names = Array.from({ length: count }, (_, index) => `n${index}.test`);
    return Promise.all(names.map((name) => exchange.ask({ name, type: 'A' })));
  };
  const nameOf = (query: packet.DecodedPacket) => query.questions?.[0]?.name ?? '';
  const answer = (query: packet.DecodedPacket) => {
    const data = `127.0.0.${nameOf(query).replace(/\D/g, '')}`;
    return withLength(reply(query, { answers: [a(nameOf(query), data)] }));
  };
  const all = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ answers: [{ fields: [`127.0.0.${index}`] }] }));

  test('share one connection, and are answered in any order', async () => {
    const held: Buffer[] = [];
    const server = await listen((socket, query) => {
      held.unshift(answer(query));
      if (held.length === 6) socket.write(Buffer.concat(held));
    });
    expect(await askMany(server, 6)).toMatchObject(all(6));
    expect(server.connections()).toBe(1);
  });

  test('go on over another connection when a server ends each after an answer', async () => {
    const server = await listen((socket, query) => socket.end(answer(query)));
    expect(await askMany(server, 4)).toMatchObject(all(4));
    expect(server.connections()).toBe(4);
  });

  test('end as closed, and open no other connection, when one brought no answer', async () => {
    const server = await listen((socket) => socket.destroy());
    expect(await askMany(server, 4)).toEqual(Array(4).fill({ kind: 'closed' }));
    const exchange = open(server);
    await exchange.ask(question);
    expect(await exchange.ask(question)).toEqual({ kind: 'closed' });
    expect(server.connections()).toBe(2);
  });

  test('of which one has a malformed answer get the others all the same', async () => {
    const server = await listen((socket, query) => {
      socket.write(nameOf(query) === 'n1.test' ? withLength(malformed(query)) : answer(query));
    });
    const [first, second, third] = await askMany(server, 3);
    expect(second).toEqual({ kind: 'malformed' });
    expect([first, third]).toMatchObject([all(3)[0], all(3)[2]]);
  });

  test('of which one is not answered end at the abort with the others answered', async () => {
    const server = await listen((socket, query) => {
      if (nameOf(query) !== 'n1.test') socket.write(answer(query));
    });
    const [first, second] = await askMany(server, 2, deadline(0.3));
    expect(first).toMatchObject(all(1)[0] ?? {});
    expect(second).toEqual(silence);
  });

  test('leave the connection in an orderly way once they are answered', async () => {
    const events: string[] = [];
    const server = await listen((socket, query) => {
      for (const event of ['end', 'error', 'close']) socket.on(event, () => events.push(event));
      socket.write(answer(query));
    });
    const exchange = open(server);
    await exchange.ask({ name: 'n1.test', type: 'A' });
    exchange.close();
    await vi.waitUntil(() => events.includes('close'));
    expect(events).toEqual(['end', 'close']);
  });
});
