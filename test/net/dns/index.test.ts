import * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { type DnsServer, type Question, withServer } from '../../../src/net/dns/index.ts';
import { a } from '../../support/dns-messages.ts';
import { reply } from '../../support/dns-server.ts';
import { lendDnsServer, lendTarget } from '../../support/lent.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const answers = [a(question.name, '127.0.0.2')];
const listed = { kind: 'reply', rcode: 'NOERROR', addresses: ['127.0.0.2'] };

const ask = (server: Omit<DnsServer, 'tcp'>, tcp = false, seconds = 10) =>
  withServer({ ...server, tcp }, seconds / 2, AbortSignal.timeout(seconds * 1000), (ask) =>
    ask(question),
  );

describe('a server', () => {
  test('is asked over UDP', async () => {
    const server = await lendDnsServer((query) => [reply(query, { answers })]);
    expect(await ask(server)).toEqual(listed);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['udp']);
  });

  test('is asked over TCP after a truncated answer', async () => {
    const server = await lendDnsServer((query, transport) => [
      transport === 'tcp'
        ? reply(query, { answers })
        : reply(query, { flags: packet.TRUNCATED_RESPONSE }),
    ]);
    expect(await ask(server)).toEqual(listed);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  test('is asked over TCP at once when told so', async () => {
    const server = await lendDnsServer((query) => [reply(query, { answers })]);
    expect(await ask(server, true)).toEqual(listed);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['tcp']);
  });

  test.each([false, true])('never makes the question reject (tcp: %s)', async (tcp) => {
    expect(await ask(await lendTarget('refusing'), tcp)).toMatchObject({ kind: 'unreachable' });
    expect(await ask(await lendTarget('silent'), tcp, 0.2)).toMatchObject({ kind: 'silence' });
  });

  test.each([false, true])('passes on what its user throws (tcp: %s)', async (tcp) => {
    const { address, port } = await lendTarget('silent');
    const never = new AbortController().signal;
    const lent = withServer({ address, port, tcp }, 5, never, async () => {
      throw new Error('of the user');
    });
    await expect(lent).rejects.toThrow('of the user');
  });
});
