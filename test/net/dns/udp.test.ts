import { createSocket } from 'node:dgram';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Question } from '../../../src/net/dns/message.ts';
import { openUdp } from '../../../src/net/dns/udp.ts';
import { a, bareHeader, echo, malformed, withWrongId } from '../../support/dns-messages.ts';
import { type DnsServer, reply } from '../../support/dns-server.ts';
import { openDnsServer, openTarget } from '../../support/open-servers.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const address = (data: string) => ({ kind: 'reply', answers: [{ type: 'A', fields: [data] }] });
const listed = address('127.0.0.2');
const refused = { kind: 'reply', rcode: 'REFUSED', answers: [] };
const answers = [a(question.name, '127.0.0.2')];

const atOnce = () => Promise.resolve();

type Asked = Pick<DnsServer, 'address' | 'port'>;

function open({ address, port }: Asked, { resendAfter = 5, seconds = 10 } = {}) {
  const server = { address, port, isRecursive: true };
  const options = { resendAfter, pace: atOnce };
  const exchange = openUdp(server, options, AbortSignal.timeout(seconds * 1000));
  onTestFinished(() => exchange.close());
  return exchange;
}

describe('a question', () => {
  test.each(['127.0.0.1', '::1'])(
    'is asked once and answered by a server on %s',
    async (address) => {
      const server = await openDnsServer((query) => [reply(query, { answers })], address);
      expect(await open(server).ask(question)).toMatchObject(listed);
      expect(server.queries).toMatchObject([{ transport: 'udp', ...question }]);
    },
  );

  test('is sent once more, with the same id, after silence', async () => {
    const server = await openDnsServer((query) =>
      server.queries.length < 2 ? [] : [reply(query, { answers })],
    );
    expect(await open(server, { resendAfter: 0.05 }).ask(question)).toMatchObject(listed);
    expect(server.queries).toHaveLength(2);
    expect(new Set(server.queries.map(({ id }) => id)).size).toBe(1);
  });

  test('is not sent a third time', async () => {
    const server = await openDnsServer(() => []);
    const exchange = open(server, { resendAfter: 0.05, seconds: 0.3 });
    expect(await exchange.ask(question)).toEqual({ kind: 'silence', ignored: 0 });
    expect(server.queries).toHaveLength(2);
  });

  test.each([0, 2, 3, 5])('is final with rcode %i, though others wait', async (rcode) => {
    const silent: Question = { ...question, name: 'silent.test' };
    const server = await openDnsServer((query) =>
      query.questions?.[0]?.name === silent.name ? [] : [reply(query, { rcode })],
    );
    const exchange = open(server, { resendAfter: 0.05, seconds: 0.3 });
    await Promise.all([exchange.ask(question), exchange.ask(silent)]);
    const asked = (name: string) => server.queries.filter((query) => query.name === name);
    expect(asked(question.name)).toHaveLength(1);
    expect(asked(silent.name)).toHaveLength(2);
  });

  test('shares one socket with others, and has an id of its own', async () => {
    const server = await openDnsServer((query) => [reply(query, { answers })]);
    const exchange = open(server);
    await Promise.all(Array.from({ length: 50 }, () => exchange.ask(question)));
    expect(new Set(server.queries.map(({ from }) => from)).size).toBe(1);
    const ids = server.queries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(50);
    const steps = new Set(ids.slice(1).map((id, index) => id - (ids[index] ?? 0)));
    expect(steps.size).toBeGreaterThan(10);
  });

  test('gets its own answer when answers come in another order', async () => {
    const held: Buffer[] = [];
    const server = await openDnsServer((query) => {
      const name = query.questions?.[0]?.name ?? '';
      held.unshift(reply(query, { answers: [a(name, `127.0.0.${name.slice(1, 2)}`)] }));
      return held.length < 3 ? [] : held;
    });
    const exchange = open(server);
    const asked = ['n4.test', 'n5.test', 'n6.test'].map((name) =>
      exchange.ask({ name, type: 'A' }),
    );
    expect(await Promise.all(asked)).toMatchObject([
      address('127.0.0.4'),
      address('127.0.0.5'),
      address('127.0.0.6'),
    ]);
  });
});

describe('a message', () => {
  test('with the id and without the question is an answer when it is an error', async () => {
    const server = await openDnsServer((query) => [bareHeader(query.id ?? 0, 5)]);
    expect(await open(server).ask(question)).toMatchObject(refused);
  });

  test('that cannot be read is an answer too', async () => {
    const server = await openDnsServer((query) => [malformed(query)]);
    expect(await open(server).ask(question)).toEqual({ kind: 'malformed' });
  });

  test('that is no answer is ignored, and the answer behind it counts', async () => {
    const server = await openDnsServer((query) => [
      withWrongId(reply(query, { rcode: 5 })),
      reply(query, { rcode: 5, questions: [{ name: 'other.test', type: 'A' }] }),
      echo(query),
      Buffer.from([1]),
      reply(query, { answers }),
    ]);
    expect(await open(server).ask(question)).toMatchObject(listed);
  });

  test('that is no answer is counted', async () => {
    const server = await openDnsServer((query) => [withWrongId(reply(query)), echo(query)]);
    expect(await open(server, { seconds: 0.3 }).ask(question)).toEqual({
      kind: 'silence',
      ignored: 2,
    });
  });

  test('from another port is not even received', async () => {
    const other = createSocket('udp4');
    onTestFinished(() => void other.close());
    const server = await openDnsServer((query) => {
      other.send(reply(query, { answers }), server.queries[0]?.from ?? 0, '127.0.0.1');
      return [];
    });
    expect(await open(server, { seconds: 0.3 }).ask(question)).toEqual({
      kind: 'silence',
      ignored: 0,
    });
  });
});

describe('an exchange', () => {
  test('is unreachable at once where nothing listens, for every question', async () => {
    const exchange = open(await openTarget('refusing'));
    const asked = [exchange.ask(question), exchange.ask(question)];
    const failure = { kind: 'unreachable', code: 'ECONNREFUSED' };
    const unreachable = { kind: 'failed', transport: 'UDP', failure };
    expect(await Promise.all(asked)).toEqual([unreachable, unreachable]);
  });

  test('fails at an address that the kernel refuses, and for what is asked later too', async () => {
    const exchange = open({ address: '255.255.255.255', port: 53 });
    const failure = { kind: 'no-permission', code: 'EACCES' };
    const failed = { kind: 'failed', transport: 'UDP', failure };
    expect(await exchange.ask(question)).toEqual(failed);
    expect(await exchange.ask(question)).toEqual(failed);
  });

  test('ends its open questions as silence at the abort', async () => {
    const server = await openDnsServer(() => []);
    const deadline = new AbortController();
    const asked = { ...server, isRecursive: true };
    const options = { resendAfter: 60, pace: atOnce };
    const exchange = openUdp(asked, options, deadline.signal);
    onTestFinished(() => exchange.close());
    const both = [exchange.ask(question), exchange.ask(question)];
    await vi.waitUntil(() => server.queries.length === 2);
    deadline.abort();
    const silence = { kind: 'silence', ignored: 0 };
    expect(await Promise.all(both)).toEqual([silence, silence]);
  });

  test('sends nothing after the abort', async () => {
    const server = await openDnsServer(() => []);
    const exchange = openUdp(
      { ...server, isRecursive: true },
      { resendAfter: 0, pace: atOnce },
      AbortSignal.abort(),
    );
    expect(await exchange.ask(question)).toEqual({ kind: 'silence', ignored: 0 });
    exchange.close();
    // What was sent before this question would have come before it.
    await open(server, { seconds: 0.3 }).ask({ name: 'later.test', type: 'A' });
    expect(server.queries).toMatchObject([{ name: 'later.test' }]);
  });
});
