import { createServer, type Socket } from 'node:net';
import * as packet from 'dns-packet';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Question } from '../../../src/net/dns/message.ts';
import { askTcp } from '../../../src/net/dns/tcp.ts';
import { a, malformed, withWrongId } from '../../support/dns-messages.ts';
import { reply } from '../../support/dns-server.ts';
import { lendDnsServer, lendTarget } from '../../support/lent.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const answers = [a(question.name, '127.0.0.2')];
const listed = { kind: 'reply', rcode: 'NOERROR', addresses: ['127.0.0.2'] };
const deadline = (seconds: number) => AbortSignal.timeout(seconds * 1000);

/** A server that does with each connection and the first query on it what it likes. */
async function listen(act: (socket: Socket, query: packet.DecodedPacket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.once('data', (bytes) => act(socket, packet.decode(bytes.subarray(2))));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

describe('a question over TCP', () => {
  test.each(['127.0.0.1', '::1'])('is answered by a server on %s', async (address) => {
    const server = await lendDnsServer((query) => [reply(query, { answers })], address);
    expect(await askTcp(address, server.port, question, deadline(10))).toEqual(listed);
    expect(server.queries).toMatchObject([{ transport: 'tcp', ...question }]);
  });

  test('is answered though the answer comes byte by byte', async () => {
    const port = await listen(async (socket, query) => {
      socket.setNoDelay(true);
      for (const byte of framed(reply(query, { answers }))) {
        await new Promise((sent) => socket.write(Buffer.from([byte]), sent));
        await new Promise(setImmediate);
      }
    });
    expect(await askTcp('127.0.0.1', port, question, deadline(10))).toEqual(listed);
  });

  test('is answered though strangers come first, all in one segment', async () => {
    const port = await listen((socket, query) => {
      const strangers = [withWrongId(reply(query, { rcode: 5 })), Buffer.alloc(0)];
      const messages = [...strangers, reply(query, { answers })];
      socket.write(Buffer.concat(messages.map(framed)));
    });
    expect(await askTcp('127.0.0.1', port, question, deadline(10))).toEqual(listed);
  });

  test('counts strangers until the deadline', async () => {
    const port = await listen((socket, query) => {
      socket.write(framed(withWrongId(reply(query, { answers }))));
    });
    const answer = await askTcp('127.0.0.1', port, question, deadline(0.3));
    expect(answer).toEqual({ kind: 'silence', ignored: 1 });
  });

  test.each<[string, (query: packet.DecodedPacket) => Buffer]>([
    ['cannot be read', malformed],
    // There is nowhere left to ask for the rest.
    ['is truncated', (query) => reply(query, { answers, flags: packet.TRUNCATED_RESPONSE })],
  ])('ends as malformed when the answer %s', async (_what, message) => {
    const port = await listen((socket, query) => socket.write(framed(message(query))));
    const answer = await askTcp('127.0.0.1', port, question, deadline(10));
    expect(answer).toEqual({ kind: 'malformed' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['ends the connection', (socket) => socket.end()],
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    ['ends within a message', (socket) => socket.end(Buffer.from([0, 40, 1, 2, 3]))],
  ])('ends as closed when the server %s', async (_what, act) => {
    const port = await listen(act);
    const answer = await askTcp('127.0.0.1', port, question, deadline(10));
    expect(answer).toEqual({ kind: 'closed' });
  });

  test('is unreachable where nothing listens', async () => {
    const { address, port } = await lendTarget('refusing');
    const answer = await askTcp(address, port, question, deadline(10));
    expect(answer).toEqual({ kind: 'unreachable', transport: 'TCP', code: 'ECONNREFUSED' });
  });

  test('ends as silence at the abort, and its connection with it', async () => {
    let closed = false;
    let asked = false;
    const port = await listen((socket) => {
      asked = true;
      socket.on('close', () => {
        closed = true;
      });
    });
    const abort = new AbortController();
    const answer = askTcp('127.0.0.1', port, question, abort.signal);
    await vi.waitUntil(() => asked);
    abort.abort();
    expect(await answer).toEqual({ kind: 'silence', ignored: 0 });
    await vi.waitUntil(() => closed);
  });

  test('is silence when it begins after the abort', async () => {
    const { address, port } = await lendTarget('silent');
    const answer = await askTcp(address, port, question, AbortSignal.abort());
    expect(answer).toEqual({ kind: 'silence', ignored: 0 });
  });

  test('ends its connection in an orderly way once it is answered', async () => {
    const events: string[] = [];
    const port = await listen((socket, query) => {
      socket.on('end', () => events.push('end'));
      socket.on('error', () => events.push('error'));
      socket.on('close', () => events.push('close'));
      socket.write(framed(reply(query, { answers })));
    });
    await askTcp('127.0.0.1', port, question, deadline(10));
    await vi.waitUntil(() => events.includes('close'));
    expect(events).toEqual(['end', 'close']);
  });
});
