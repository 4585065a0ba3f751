import type * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { withServer } from '../../../src/net/dns/index.ts';
import { entryName, type ListType, standardEntries } from '../../../src/probes/rbl/entries.ts';
import { checkZone, type ZoneQuestions } from '../../../src/probes/rbl/zone.ts';
import { a, bareHeader, cname, malformed, soa } from '../../support/dns-messages.ts';
import { type Responder, reply } from '../../support/dns-server.ts';
import { openDnsServer } from '../../support/open-servers.ts';
import {
  byName,
  controlName,
  listedAs,
  replying,
  testName,
  working,
  zone,
} from '../../support/rbl.ts';

const ip4: ZoneQuestions = { type: 'ip4', test: '127.0.0.2', control: '127.0.0.1' };

async function check(respond: Responder, questions = ip4, seconds = 10) {
  const { address, port } = await openDnsServer(respond);
  const server = { address, port, isTcp: false, isRecursive: true, resendAfter: seconds / 2 };
  return withServer(server, AbortSignal.timeout(seconds * 1000), (ask) =>
    checkZone(ask, zone, questions, 'SERVER'),
  );
}

describe('a zone is ok', () => {
  test('when it lists the test entry and not the negative control', async () => {
    expect(await check(working)).toEqual({
      status: 'ok',
      summary: 'lists 127.0.0.2 as 127.0.0.2',
    });
  });

  test.each(['127.0.0.99', '127.0.1.2', '127.255.254.1'])(
    'when it lists the test entry as %s',
    async (address) => {
      const outcome = await check(byName({ [testName]: listedAs(address) }));
      expect(outcome).toEqual({ status: 'ok', summary: `lists 127.0.0.2 as ${address}` });
    },
  );

  test('when it lists the test entry as two addresses, and names both', async () => {
    const outcome = await check(byName({ [testName]: listedAs('127.0.0.2', '127.0.0.4') }));
    expect(outcome.summary).toBe('lists 127.0.0.2 as 127.0.0.2, 127.0.0.4');
  });

  test('when the test entry is behind a CNAME record', async () => {
    const answers = [cname(testName, 'listed.test'), a('listed.test', '127.0.0.2')];
    expect(await check(byName({ [testName]: replying({ answers }) }))).toMatchObject({
      status: 'ok',
    });
  });

  test('when the negative control exists without an A record', async () => {
    const respond = byName({ [testName]: listedAs('127.0.0.2'), [controlName]: replying({}) });
    expect(await check(respond)).toMatchObject({ status: 'ok' });
  });

  test.each<ListType>(['ip4', 'ip6', 'name'])('with the entries of type %s', async (type) => {
    const entry = standardEntries[type];
    const respond = byName({ [`${entryName(type, entry.test)}.${zone}`]: listedAs('127.0.0.2') });
    expect(await check(respond, { type, ...entry })).toEqual({
      status: 'ok',
      summary: `lists ${entry.test} as 127.0.0.2`,
    });
  });

  test('with a test entry of its own', async () => {
    const respond = byName({ [`9.2.0.192.${zone}`]: listedAs('127.0.0.3') });
    expect(await check(respond, { ...ip4, test: '192.0.2.9' })).toMatchObject({ status: 'ok' });
  });
});

describe('a zone is critical', () => {
  const brokenList = (query: packet.DecodedPacket) => [malformed(query)];

  test.each<[string, Responder, string]>([
    ['NXDOMAIN', replying({ rcode: 3 }), 'does not list its test entry 127.0.0.2 (NXDOMAIN)'],
    ['no A record', replying({}), 'does not list its test entry 127.0.0.2 (no A record)'],
    ['127.0.0.1', listedAs('127.0.0.1'), 'answered 127.0.0.1: query refused by the list'],
    ['an address outside 127/8', listedAs('192.0.2.1'), 'answered 192.0.2.1, outside 127.0.0.0/8'],
    ['a good and a bad address', listedAs('127.0.0.2', '192.0.2.1'), 'answered 192.0.2.1, outside'],
    ['127.255.255.252', listedAs('127.255.255.252'), 'typing error in the zone name'],
    ['127.255.255.254', listedAs('127.255.255.254'), 'query through a public resolver'],
    ['127.255.255.255', listedAs('127.255.255.255'), 'too many queries'],
    ['another code of 127.255.255/24', listedAs('127.255.255.1'), 'error code 127.255.255.1'],
    ['REFUSED', replying({ rcode: 5 }), 'refused: rate-limited, or zone not served here'],
    [
      'REFUSED in 12 bytes',
      (query) => [bareHeader(query.id ?? 0, 5)],
      'refused: rate-limited, or zone not served here',
    ],
    ['SERVFAIL', replying({ rcode: 2 }), 'SERVFAIL: zone expired or not loaded'],
    ['FORMERR', replying({ rcode: 1 }), 'answered with rcode FORMERR'],
    ['NOTIMP', replying({ rcode: 4 }), 'answered with rcode NOTIMP'],
    ['an rcode without a name', replying({ rcode: 12 }), 'answered with rcode RCODE_12'],
    ['a malformed message', brokenList, 'malformed message from SERVER'],
  ])('when its test entry is answered with %s', async (_what, respond, text) => {
    const outcome = await check(byName({ [testName]: respond }));
    expect(outcome).toMatchObject({ status: 'critical', summary: expect.stringContaining(text) });
  });

  test.each<[string, Responder, string]>([
    ['as the test entry is', listedAs('127.0.0.2'), 'listed as 127.0.0.2: the zone says yes'],
    ['as a parked zone would', listedAs('192.0.2.1'), 'listed as 192.0.2.1: the zone says yes'],
    ['with an error code', listedAs('127.255.255.254'), 'query through a public resolver'],
    ['with REFUSED', replying({ rcode: 5 }), 'refused: rate-limited'],
    ['with SERVFAIL', replying({ rcode: 2 }), 'SERVFAIL'],
    ['with a malformed message', brokenList, 'malformed message'],
  ])('when its negative control is answered %s', async (_what, respond, text) => {
    const table = { [testName]: listedAs('127.0.0.2'), [controlName]: respond };
    const { status, summary } = await check(byName(table));
    expect(status).toBe('critical');
    expect(summary).toMatch(/^negative control 127\.0\.0\.1: /);
    expect(summary).toContain(text);
  });

  test('when its negative control is not answered', async () => {
    const table = { [testName]: listedAs('127.0.0.2'), [controlName]: () => [] };
    expect(await check(byName(table), ip4, 0.3)).toEqual({
      status: 'critical',
      summary: 'negative control 127.0.0.1: no answer from SERVER',
    });
  });

  test('when it lists everything, but not when nobody asks for the negative control', async () => {
    const everything = listedAs('127.0.0.2');
    expect(await check(everything)).toMatchObject({ status: 'critical' });
    expect(await check(everything, { ...ip4, control: undefined })).toMatchObject({ status: 'ok' });
  });
});

describe('the age of a zone', () => {
  const aged = (respond: Responder, maxAge = 3600) =>
    check(byName({ [testName]: listedAs('127.0.0.2'), [zone]: respond }), { ...ip4, maxAge });
  const made = (secondsAgo: number): Responder =>
    replying({ answers: [soa(zone, Math.floor(Date.now() / 1000) - secondsAgo)] });

  test('stands at the end of the summary when it is young enough', async () => {
    const { status, summary, metrics } = await aged(made(125));
    expect(status).toBe('ok');
    expect(summary).toMatch(/^lists 127\.0\.0\.2 as 127\.0\.0\.2, zone data is 2m \d+s old$/);
    expect(metrics).toMatchObject([{ name: 'zone_age' }]);
  });

  test.each<[string, Responder, string, string]>([
    ['critical when it is older', made(7260), 'critical', 'zone data is 2h 1m old, allowed is 1h'],
    ['critical without an SOA record', replying({}), 'critical', 'it has no SOA record'],
    ['critical when the SOA question is refused', replying({ rcode: 5 }), 'critical', 'refused'],
    ['unknown when its serial is no time', made(1e9), 'unknown', 'is not a time'],
    ['unknown when its serial is days ahead', made(-3 * 86400), 'unknown', 'is not a time'],
  ])('makes the zone %s', async (_what, respond, status, text) => {
    const outcome = await aged(respond);
    expect(outcome).toMatchObject({ status, summary: expect.stringContaining(text) });
  });

  test('does not hide that the test entry is not listed', async () => {
    const outcome = await check(byName({ [zone]: made(5) }), { ...ip4, maxAge: 3600 });
    expect(outcome.summary).toContain('does not list its test entry');
  });

  test('is not asked when nobody wants to know it', async () => {
    const types: string[] = [];
    await check((query) => {
      types.push(query.questions?.[0]?.type ?? '');
      return [reply(query, { rcode: 3 })];
    });
    expect(types).toEqual(['A', 'A']);
  });
});
