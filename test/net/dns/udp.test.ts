import { createSocket } from 'node:dgram';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Question } from '../../../src/net/dns/message.ts';
import { openUdp, type UdpExchange } from '../../../src/net/dns/udp.ts';
import { a, bareHeader, echo, malformed, withWrongId } from '../../support/dns-messages.ts';
import { type DnsServer, reply } from '../../support/dns-server.ts';
import { lendDnsServer, lendTarget } from '../../support/lent.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const listed = { kind: 'reply', rcode: 'NOERROR', addresses: ['127.0.0.2'] };
const refused = { kind: 'reply', rcode: 'REFUSED', addresses: [] };
const answers = [a(question.name, '127.0.0.2')];

function open({ address, port }: Pick<DnsServer, 'address' | 'port'>, seconds = 10): UdpExchange {
  const exchange = openUdp(address, port, AbortSignal.timeout(seconds * 1000));
  onTestFinished(() => exchange.close());
  return exchange;
}

describe('a question', () => {
  test.each(['127.0.0.1', '::1'])(
    'is asked once and answered by a server on %s',
    async (address) => {
      const server = await lendDnsServer((query) => [reply(query, { answers })], address);
      expect(await open(server).ask(question, 5)).toEqual(listed);
      expect(server.queries).toMatchObject([{ transport: 'udp', ...question }]);
    },
  );

  test('is sent once more, with the same id, after silence', async () => {
    const server = await lendDnsServer((query) =>
      server.queries.length < 2 ? [] : [reply(query, { answers })],
    );
    expect(await open(server).ask(question, 0.05)).toEqual(listed);
    expect(server.queries).toHaveLength(2);
    expect(new Set(server.queries.map(({ id }) => id)).size).toBe(1);
  });

  test('is not sent a third time', async () => {
    const server = await lendDnsServer(() => []);
    expect(await open(server, 0.3).ask(question, 0.05)).toEqual({ kind: 'silence', ignored: 0 });
    expect(server.queries).toHaveLength(2);
  });

  test.each([0, 2, 3, 5])('is final with rcode %i, though others wait', async (rcode) => {
    const silent: Question = { ...question, name: 'silent.test' };
    const server = await lendDnsServer((query) =>
      query.questions?.[0]?.name === silent.name ? [] : [reply(query, { rcode })],
    );
    const exchange = open(server, 0.3);
    await Promise.all([exchange.ask(question, 0.05), exchange.ask(silent, 0.05)]);
    const asked = (name: string) => server.queries.filter((query) => query.name === name);
    expect(asked(question.name)).toHaveLength(1);
    expect(asked(silent.name)).toHaveLength(2);
  });

  test('shares one socket with others, and has an id of its own', async () => {
    const server = await lendDnsServer((query) => [reply(query, { answers })]);
    const exchange = open(server);
    await Promise.all(Array.from({ length: 50 }, () => exchange.ask(question, 5)));
    expect(new Set(server.queries.map(({ from }) => from)).size).toBe(1);
    const ids = server.queries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(50);
    const steps = new Set(ids.slice(1).map((id, index) => id - (ids[index] ?? 0)));
    expect(steps.size).toBeGreaterThan(10);
  });

  test('gets its own answer when answers come in another order', async () => {
    const held: Buffer[] = [];
    const server = await lendDnsServer((query) => {
      const name = query.questions?.[0]?.name ?? '';
      held.unshift(reply(query, { answers: [a(name, `127.0.0.${name.slice(1, 2)}`)] }));
      return held.length < 3 ? [] : held;
    });
    const exchange = open(server);
    const asked = ['n4.test', 'n5.test', 'n6.test'].map((name) =>
      exchange.ask({ name, type: 'A' }, 5),
    );
    expect(await Promise.all(asked)).toMatchObject([
      { addresses: ['127.0.0.4'] },
      { addresses: ['127.0.0.5'] },
      { addresses: ['127.0.0.6'] },
    ]);
  });
});

describe('a message', () => {
  test('with the id and without the question is an answer when it is an error', async () => {
    const server = await lendDnsServer((query) => [bareHeader(query.id ?? 0, 5)]);
    expect(await open(server).ask(question, 5)).toEqual(refused);
  });

  test('that cannot be read is an answer too', async () => {
    const server = await lendDnsServer((query) => [malformed(query)]);
    expect(await open(server).ask(question, 5)).toEqual({ kind: 'malformed' });
  });

  test('that is no answer is ignored, and the answer behind it counts', async () => {
    const server = await lendDnsServer((query) => [
      withWrongId(reply(query, { rcode: 5 })),
      reply(query, { rcode: 5, questions: [{ name: 'other.test', type: 'A' }] }),
      echo(query),
      Buffer.from([1]),
      reply(query, { answers }),
    ]);
    expect(await open(server).ask(question, 5)).toEqual(listed);
  });

  test('that is no answer is counted', async () => {
    const server = await lendDnsServer((query) => [withWrongId(reply(query)), echo(query)]);
    expect(await open(server, 0.3).ask(question, 5)).toEqual({ kind: 'silence', ignored: 2 });
  });

  test('from another port is not even received', async () => {
    const other = createSocket('udp4');
    onTestFinished(() => void other.close());
    const server = await lendDnsServer((query) => {
      other.send(reply(query, { answers }), server.queries[0]?.from ?? 0, '127.0.0.1');
      return [];
    });
    expect(await open(server, 0.3).ask(question, 5)).toEqual({ kind: 'silence', ignored: 0 });
  });
});

describe('an exchange', () => {
  test('is unreachable at once where nothing listens, for every question', async () => {
    const exchange = open(await lendTarget('refusing'));
    const asked = [exchange.ask(question, 5), exchange.ask(question, 5)];
    const unreachable = { kind: 'unreachable', transport: 'UDP', code: 'ECONNREFUSED' };
    expect(await Promise.all(asked)).toEqual([unreachable, unreachable]);
  });

  test('is unreachable at an address that the kernel refuses', async () => {
    const exchange = open({ address: '255.255.255.255', port: 53 });
    expect(await exchange.ask(question, 5)).toEqual({
      kind: 'unreachable',
      transport: 'UDP',
      code: 'EACCES',
    });
  });

  test('ends its open questions as silence at the abort', async () => {
    const server = await lendDnsServer(() => []);
    const deadline = new AbortController();
    const exchange = openUdp(server.address, server.port, deadline.signal);
    onTestFinished(() => exchange.close());
    const asked = [exchange.ask(question, 60), exchange.ask(question, 60)];
    await vi.waitUntil(() => server.queries.length === 2);
    deadline.abort();
    const silence = { kind: 'silence', ignored: 0 };
    expect(await Promise.all(asked)).toEqual([silence, silence]);
  });

  test('sends nothing after the abort', async () => {
    const server = await lendDnsServer(() => []);
    const exchange = openUdp(server.address, server.port, AbortSignal.abort());
    expect(await exchange.ask(question, 0)).toEqual({ kind: 'silence', ignored: 0 });
    exchange.close();
    // What was sent before this question would have come before it.
    await open(server, 0.3).ask({ name: 'later.test', type: 'A' }, 5);
    expect(server.queries).toMatchObject([{ name: 'later.test' }]);
  });
});
