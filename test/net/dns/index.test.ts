import * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { type Question, withServer } from '../../../src/net/dns/index.ts';
import { a } from '../../support/dns-messages.ts';
import { reply } from '../../support/dns-server.ts';
import { openDnsServer, openTarget } from '../../support/open-servers.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const answers = [a(question.name, '127.0.0.2')];
const listed = { records: [{ type: 'A', fields: ['127.0.0.2'] }] };

interface Asked {
  readonly address: string;
  readonly port: number;
}

const options = ({ address, port }: Asked, isTcp: boolean, resendAfter: number) => ({
  ...{ address, port, isTcp, isRecursive: true, resendAfter },
});

const ask = (server: Asked, isTcp = false, seconds = 10) =>
  withServer(options(server, isTcp, seconds / 2), AbortSignal.timeout(seconds * 1000), (ask) =>
    ask(question),
  );

describe('a server', () => {
  test('is asked over UDP', async () => {
    const server = await openDnsServer((query) => [reply(query, { answers })]);
    expect(await ask(server)).toMatchObject(listed);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['udp']);
  });

  test('is asked over TCP after a truncated answer', async () => {
    const server = await openDnsServer((query, transport) => [
      transport === 'tcp'
        ? reply(query, { answers })
        : reply(query, { flags: packet.TRUNCATED_RESPONSE }),
    ]);
    expect(await ask(server)).toMatchObject(listed);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  test('is asked over TCP at once when told so', async () => {
    const server = await openDnsServer((query) => [reply(query, { answers })]);
    expect(await ask(server, true)).toMatchObject(listed);
    expect(server.queries.map(({ transport }) => transport)).toEqual(['tcp']);
  });

  test.each([false, true])('never makes the question reject (tcp: %s)', async (tcp) => {
    const refusing = await ask(await openTarget('refusing'), tcp);
    expect(refusing.answer).toMatchObject({ kind: 'failed', failure: { code: 'ECONNREFUSED' } });
    const silent = await ask(await openTarget('silent'), tcp, 0.2);
    expect(silent.answer).toMatchObject({ kind: 'silence' });
  });

  test.each([false, true])('passes on what its user throws (tcp: %s)', async (tcp) => {
    const server = options(await openTarget('silent'), tcp, 5);
    const never = new AbortController().signal;
    const answer = withServer(server, never, async () => {
      throw new Error('of the user');
    });
    await expect(answer).rejects.toThrow('of the user');
  });
});
