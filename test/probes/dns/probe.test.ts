import * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { dns } from '../../../src/probes/dns/index.ts';
import { aim } from '../../support/aim.ts';
import { a, cname, soa } from '../../support/dns-messages.ts';
import { type ReplyParts, type Responder, reply } from '../../support/dns-server.ts';
import { runFixture } from '../../support/fixture.ts';
import { openDnsServer, openTarget } from '../../support/open-servers.ts';
import { byName, replying } from '../../support/rbl.ts';

const name = 'www.test';

/** The outcome of the probe for a server that gives this reply. */
async function ask(respond: Responder, ...args: readonly string[]) {
  const { address, port } = await openDnsServer(respond);
  const query = args.includes('--query') ? [] : ['--query', name];
  const { probe } = aim(dns, [address, String(port), ...query, ...args], 10);
  return probe(AbortSignal.timeout(10_000));
}

const answers = [a(name, '192.0.2.1'), a(name, '192.0.2.2')];

describe('an answer is ok', () => {
  test.each<[string, ReplyParts, string[], string]>([
    ['with a record of the type', { answers }, [], 'A 192.0.2.1, 192.0.2.2'],
    ['with what is expected', { answers }, ['--expect', '192.0.2.2'], 'A 192.0.2.1, 192.0.2.2'],
    [
      'with all that is expected',
      { answers },
      ['--expect', '192.0.2.2', '--expect', '192.0.2.1'],
      'A 192.0.2.1, 192.0.2.2',
    ],
    ['with authority', { answers }, ['--authoritative'], 'A 192.0.2.1, 192.0.2.2'],
    [
      'behind an alias',
      { answers: [cname(name, 'x.test'), a('x.test', '192.0.2.9')] },
      [],
      'A 192.0.2.9',
    ],
    [
      'with the rcode that is expected',
      { rcode: 3 },
      ['--expect-rcode', 'NXDOMAIN'],
      'NXDOMAIN, as expected',
    ],
    [
      'with REFUSED, if so expected',
      { rcode: 5 },
      ['--expect-rcode', 'REFUSED'],
      'REFUSED, as expected',
    ],
    ['without a record, if so expected', {}, ['--expect-rcode', 'NOERROR'], 'NOERROR, as expected'],
    [
      'with its records, eight of which are shown',
      { answers: Array.from({ length: 10 }, (_, index) => a(name, `192.0.2.${index}`)) },
      [],
      'A 192.0.2.0, 192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5, 192.0.2.6, 192.0.2.7 and 2 more',
    ],
  ])('%s', async (_what, parts, args, text) => {
    expect(await ask(replying(parts), ...args)).toMatchObject({
      status: 'ok',
      summary: `${name}: ${text}`,
    });
  });
});

describe('an answer is critical', () => {
  test.each<[string, ReplyParts, string[], string]>([
    ['NXDOMAIN', { rcode: 3 }, [], 'does not exist (NXDOMAIN)'],
    ['no record', {}, [], 'no A record'],
    ['REFUSED', { rcode: 5 }, [], 'refused: rate-limited, or not served to us'],
    ['SERVFAIL', { rcode: 2 }, [], 'SERVFAIL: zone expired or not loaded'],
    ['NOTIMP', { rcode: 4 }, [], 'answered with rcode NOTIMP'],
    [
      'a value missing',
      { answers },
      ['--expect', '192.0.2.3', '--expect', '192.0.2.1'],
      'lacks 192.0.2.3: it has A 192.0.2.1, 192.0.2.2',
    ],
    [
      'no authority',
      { answers, isReferral: true },
      ['--authoritative'],
      'the answer is not authoritative',
    ],
    [
      'a record where none should be',
      { answers },
      ['--expect-rcode', 'NXDOMAIN'],
      'A 192.0.2.1, 192.0.2.2, expected is NXDOMAIN',
    ],
    [
      'a name where none should be',
      {},
      ['--expect-rcode', 'NXDOMAIN'],
      'it exists (NOERROR), expected is NXDOMAIN',
    ],
    [
      'an alias to what does not exist',
      { rcode: 3, answers: [cname(name, 'x.test')] },
      [],
      'does not exist (NXDOMAIN) (alias for x.test)',
    ],
  ])('with %s', async (_what, parts, args, text) => {
    const outcome = await ask(replying(parts), ...args);
    expect(outcome.status).toBe('critical');
    expect(outcome.summary).toContain(`${name}: ${text}`);
  });

  test('with an alias to what the server does not have', async () => {
    const respond = byName({
      [name]: replying({ answers: [cname(name, 'x.example')] }),
      'x.example': replying({ rcode: 5 }),
    });
    expect(await ask(respond)).toMatchObject({
      status: 'critical',
      summary: `${name}: alias for x.example, which this server does not answer`,
    });
  });

  test.each([
    ['refusing', 'nothing listens on'],
    ['silent', 'no answer from'],
    ['garbage', 'malformed message from'],
  ] as const)('from a %s server', async (kind, text) => {
    const { address, port } = await openTarget(kind);
    const { probe } = aim(dns, [address, String(port), '--query', name], 0.3);
    expect(await probe(AbortSignal.timeout(300))).toMatchObject({
      status: 'critical',
      summary: expect.stringContaining(text),
    });
  });
});

describe('a question', () => {
  test('is asked with recursion desired, or without', async () => {
    for (const [args, isRecursionDesired] of [
      [[], true],
      [['--no-recurse'], false],
    ] as const) {
      const server = await openDnsServer((query) => [reply(query, { answers })]);
      const { probe } = aim(
        dns,
        [server.address, String(server.port), '--query', name, ...args],
        10,
      );
      await probe(AbortSignal.timeout(10_000));
      expect(server.queries).toMatchObject([{ name, type: 'A', isRecursionDesired }]);
    }
  });

  test('for the PTR record of an address is asked for its name', async () => {
    const pointer = '7.2.0.192.in-addr.arpa';
    const respond = byName({
      [pointer]: replying({ answers: [{ type: 'PTR', name: pointer, ttl: 1, data: name }] }),
    });
    const outcome = await ask(
      respond,
      '--query',
      '192.0.2.7',
      '--type',
      'PTR',
      '--expect',
      'WWW.test.',
    );
    expect(outcome).toMatchObject({ status: 'ok', summary: `${pointer}: PTR www.test` });
  });

  test('is asked over TCP after a truncated answer', async () => {
    const respond: Responder = (query, transport) => [
      reply(query, transport === 'tcp' ? { answers } : { flags: packet.TRUNCATED_RESPONSE }),
    ];
    expect(await ask(respond)).toMatchObject({ status: 'ok' });
  });

  test('counts the records of its answer, by the sections', async () => {
    const outcome = await ask(
      replying({
        answers,
        authorities: [soa('test', 1)],
        additionals: [a('ns.test', '192.0.2.3')],
      }),
    );
    const counts = outcome.facts?.map(({ name, value }) => [name, value]);
    expect(counts).toEqual([
      ['lookup_time', 0],
      ['dns_query_succeeded', 1],
      ['dns_answer_records', 2],
      ['dns_authority_records', 1],
      ['dns_additional_records', 1],
    ]);
  });
});

describe('the serial of a zone', () => {
  const zone = 'zone.test';
  const serving = (serial: number) => replying({ answers: [soa(zone, serial)] });
  const args = ['--query', zone, '--type', 'SOA'];

  test('is judged by its age', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await ask(serving(now - 60), ...args, '--max-age', '1h')).toMatchObject({
      status: 'ok',
      summary: expect.stringMatching(/; zone data is 1m( \d+s)? old$/),
    });
    expect(await ask(serving(now - 7201), ...args, '--max-age', '1h')).toMatchObject({
      status: 'critical',
      summary: expect.stringContaining('zone data is 2h old, allowed is 1h'),
    });
  });

  test('is compared with that of its primary, which is asked without recursion', async () => {
    const primary = await openDnsServer(serving(8));
    const at = ['--primary', `127.0.0.1:${primary.port}`];
    expect(await ask(serving(8), ...args, ...at)).toMatchObject({ status: 'ok' });
    expect(await ask(serving(7), ...args, ...at)).toMatchObject({
      status: 'critical',
      summary: expect.stringContaining('serial 7 is behind 8 at the primary'),
    });
    expect(primary.queries).toMatchObject([
      { name: zone, type: 'SOA', isRecursionDesired: false },
      { name: zone, type: 'SOA', isRecursionDesired: false },
    ]);
  });

  test('leaves no socket to its primary behind when the answer itself is a failure', async () => {
    const [refusing, silent] = [await openTarget('refusing'), await openTarget('silent')];
    const server = [refusing.address, String(refusing.port)];
    const primary = ['--primary', `${silent.address}:${silent.port}`];
    const lines = JSON.stringify([[...server, ...args, ...primary]]);
    const ended = await runFixture('ends-by-itself', 'dns', lines);
    expect(ended).toEqual({ code: 0, signal: undefined, stdout: 'critical\n', stderr: '' });
  });

  test('is unknown when the primary tells nothing', async () => {
    const { port } = await openTarget('refusing');
    expect(await ask(serving(7), ...args, '--primary', `127.0.0.1:${port}`)).toMatchObject({
      status: 'unknown',
      summary: expect.stringContaining(`primary 127.0.0.1:${port}: nothing listens on`),
    });
  });
});
