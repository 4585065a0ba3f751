import { readFileSync } from 'node:fs';
import * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { rbl } from '../../../src/probes/rbl/index.ts';
import { aim } from '../../support/aim.ts';
import { echo, withWrongId } from '../../support/dns-messages.ts';
import { type Responder, reply } from '../../support/dns-server.ts';
import { replaceGetent } from '../../support/getent.ts';
import { openDnsServer, openTarget } from '../../support/open-servers.ts';
import {
  byName,
  checkRbl,
  controlName,
  listedAs,
  nameIn,
  replying,
  testName,
  working,
  zone,
} from '../../support/rbl.ts';

describe('a list server', () => {
  test.each(['127.0.0.1', '::1'])('is asked at %s', async (address) => {
    const server = await openDnsServer(working, address);
    expect(await checkRbl(server)).toMatchObject({
      status: 'ok',
      summary: `${zone}: lists 127.0.0.2 as 127.0.0.2`,
    });
  });

  test('is asked each question once when it answers', async () => {
    const server = await openDnsServer(working);
    await checkRbl(server, { maxAge: 3600 });
    expect(server.queries.map(({ name, type }) => `${type} ${name}`).sort()).toEqual([
      `A ${controlName}`,
      `A ${testName}`,
      `SOA ${zone}`,
    ]);
  });

  test('is asked each question once more after silence, and no third time', async () => {
    const server = await openDnsServer(() => []);
    const outcome = await checkRbl(server, {}, 0.4);
    expect(outcome).toMatchObject({
      status: 'critical',
      summary: `${zone}: no answer from 127.0.0.1:${server.port}`,
    });
    expect(server.queries.map(({ name }) => name)).toEqual([
      ...[testName, controlName],
      ...[testName, controlName],
    ]);
  });

  test('is asked once more after half the deadline by default', async () => {
    const arrivals: number[] = [];
    const { address, port } = await openDnsServer(() => {
      arrivals.push(performance.now());
      return [];
    });
    const { probe } = aim(rbl, [address, String(port), '--zone', zone, '--no-control'], 0.6);
    await probe(AbortSignal.timeout(600));
    const [first = 0, second = 0] = arrivals;
    expect(arrivals).toHaveLength(2);
    // A timer of 0.3 s, less what the first question took to arrive.
    expect(second - first).toBeGreaterThan(200);
  });

  test('is ok when only the second question gets through', async () => {
    const seen = new Set<string>();
    const server = await openDnsServer((query, transport) => {
      if (seen.has(nameIn(query))) return working(query, transport);
      seen.add(nameIn(query));
      return [];
    });
    expect(await checkRbl(server, { resendAfter: 0.05 })).toMatchObject({ status: 'ok' });
  });

  test('is critical where nothing listens, at once', async () => {
    const target = await openTarget('refusing');
    const start = Date.now();
    expect(await checkRbl(target, {}, 20)).toMatchObject({
      status: 'critical',
      summary: `${zone}: nothing listens on 127.0.0.1:${target.port} (port unreachable)`,
    });
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  test.each<[string, Responder, number]>([
    ['have the wrong id', (query) => [withWrongId(reply(query))], 2],
    ['answer another question', replying({ questions: [{ name: 'x.test', type: 'A' }] }), 2],
    ['are the query itself', (query) => [echo(query)], 2],
  ])('is critical when its messages %s', async (_what, respond, ignored) => {
    const server = await openDnsServer(respond);
    const { status, summary } = await checkRbl(server, { resendAfter: 9 }, 0.3);
    expect(status).toBe('critical');
    expect(summary).toContain(`no answer from 127.0.0.1:${server.port} (ignored ${ignored} `);
  });
});

describe('TCP', () => {
  const truncatedOverUdp: Responder = (query, transport) =>
    transport === 'udp'
      ? [reply(query, { flags: packet.TRUNCATED_RESPONSE })]
      : working(query, transport);

  test('is used after truncated answers', async () => {
    const server = await openDnsServer(truncatedOverUdp);
    expect(await checkRbl(server)).toMatchObject({ status: 'ok' });
    const transports = server.queries.map(({ transport }) => transport).sort();
    expect(transports).toEqual(['tcp', 'tcp', 'udp', 'udp']);
  });

  test('is used at once when told so', async () => {
    const server = await openDnsServer(working);
    expect(await checkRbl(server, { isTcp: true })).toMatchObject({ status: 'ok' });
    expect(server.queries.map(({ transport }) => transport)).toEqual(['tcp', 'tcp']);
  });

  test.each([
    ['refusing', 'nothing listens on'],
    ['closing', 'closed the TCP connection without an answer'],
    ['silent', 'no answer from'],
  ] as const)('makes a %s server critical', async (kind, text) => {
    const outcome = await checkRbl(await openTarget(kind), { isTcp: true }, 0.3);
    expect(outcome).toMatchObject({ status: 'critical', summary: expect.stringContaining(text) });
  });
});

describe('several zones', () => {
  const [good, bad, worse] = ['good.test', 'bad.test', 'worse.test'];
  const respond = byName({
    [`2.0.0.127.${good}`]: listedAs('127.0.0.2'),
    [`2.0.0.127.${bad}`]: replying({ rcode: 5 }),
    [`2.0.0.127.${worse}`]: replying({ rcode: 5 }),
    [`2.0.0.127.${zone}`]: listedAs('127.0.0.2'),
  });

  test('are ok when all pass, and are named', async () => {
    const outcome = await checkRbl(await openDnsServer(respond), { zones: [good, zone] });
    expect(outcome).toMatchObject({
      status: 'ok',
      summary: 'good.test, dnsbl.test: lists 127.0.0.2 as 127.0.0.2',
    });
  });

  test('are critical when some fail, and only those are named', async () => {
    const zones = [good, bad, zone, worse];
    expect(await checkRbl(await openDnsServer(respond), { zones })).toMatchObject({
      status: 'critical',
      summary:
        '2 of 4 zones failed: bad.test, worse.test: refused: rate-limited, or zone not served here',
    });
  });
});

describe('a server with a name', () => {
  test('is looked up once, and asked at that address', async () => {
    const directory = replaceGetent('echo look-up >> asked; echo "127.0.0.1  STREAM"');
    const { port, queries } = await openDnsServer(listedAs('127.0.0.2'));
    const zones = ['one.test', 'two.test', 'three.test'];
    const server = { address: 'list.example', port };
    expect(await checkRbl(server, { zones, control: undefined })).toMatchObject({ status: 'ok' });
    expect(readFileSync(`${directory}/asked`, 'utf8')).toBe('look-up\n');
    expect(queries).toHaveLength(3);
  });

  test.each([
    ['critical when it does not resolve', 'exit 2', 'critical', 'does not resolve'],
    [
      'critical when the resolver is silent',
      'exec sleep 60',
      'critical',
      'not resolve to an address in time',
    ],
    ['unknown when the look-up itself fails', 'exit 7', 'unknown', 'getent'],
  ])('is %s', async (_what, script, status, text) => {
    replaceGetent(script);
    const server = { address: 'list.example', port: 53 };
    const outcome = await checkRbl(server, {}, 0.3);
    expect(outcome).toMatchObject({ status, summary: expect.stringContaining(text) });
  });
});
