import type { Socket } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../../support/clean-up.ts';
import { replaceGetent } from '../../support/getent.ts';
import { openTarget } from '../../support/open-servers.ts';
import { checkEach, checkTls } from '../../support/tls.ts';
import {
  closeNotify,
  dripping,
  emptyRecords,
  endlessly,
  fatalAlert,
  halfServerHello,
  helloRequests,
  noise,
  saying,
  ssl3,
  warningAlert,
} from '../../support/tls-behaviours.ts';
import { type Certificates, makeCertificates } from '../../support/tls-certificates.ts';
import { openNodeTls, openPeer } from '../../support/tls-peers.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
});

const answered = 'ok ok critical';
describe('a server that answers, but not with a handshake, is critical for handshake alone', () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    [
      'says a banner at once',
      (socket) => socket.write('SSH-2.0-x\r\n'),
      /not speak TLS: "SSH-2.0-x"$/,
    ],
    [
      'says a banner later',
      saying('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /"HTTP\/1.1 400 Bad Request"$/,
    ],
    ['says a banner and closes', (socket) => socket.end('220 mail\r\n'), /"220 mail"$/],
    [
      'closes at once',
      (socket) => socket.end(),
      /(closed|reset) the connection after our ClientHello$/,
    ],
    ['resets at once', (socket) => socket.resetAndDestroy(), /reset the connection after our/],
    ['leaves at once', (socket) => socket.destroy(), /(closed|reset) the connection after our/],
    [
      'closes then',
      (socket) => socket.once('data', () => socket.end()),
      /closed the connection after/,
    ],
    [
      'resets then',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      /reset the connection after/,
    ],
    [
      'says half a ServerHello',
      saying(halfServerHello),
      /did not finish its TLS handshake in time \(51 bytes\)$/,
    ],
    [
      'says half a ServerHello and closes',
      (socket) => socket.end(halfServerHello),
      /began a TLS handshake and closed/,
    ],
    [
      'says a byte a second',
      dripping(halfServerHello),
      /did not finish its TLS handshake in time \(1 byte\)$/,
    ],
    ['says a byte of no protocol a second', dripping(Buffer.from('abc')), /not speak TLS: "a"$/],
    ['says noise without end', endlessly(noise), /./],
    ['says handshake messages without end', endlessly(() => helloRequests), /./],
    ['says empty records without end', endlessly(() => emptyRecords), /./],
    [
      'says record headers without end',
      endlessly(() => Buffer.alloc(65536, '1603034000', 'hex')),
      /./,
    ],
    [
      'says warnings without end',
      endlessly(() => Buffer.alloc(7 * 4096, warningAlert)),
      /alert user canceled$/,
    ],
    ['says a fatal alert', saying(fatalAlert), /answers with the TLS alert handshake failure$/],
    [
      'says a fatal alert and closes',
      (socket) => socket.once('data', () => socket.end(fatalAlert)),
      /handshake failure$/,
    ],
    [
      'says a fatal alert in two parts',
      saying(fatalAlert.subarray(0, 3), fatalAlert.subarray(3)),
      /handshake failure$/,
    ],
    [
      'says a warning and falls silent',
      saying(warningAlert),
      /answers with the TLS alert user canceled$/,
    ],
    ['says close_notify', saying(closeNotify), /answers with the TLS alert close notify$/],
    ['chooses SSL 3.0', saying(ssl3), /answers in TLS, but the handshake failed here: /],
  ])('as when it %s', async (what, behave, text) => {
    const peer = await openPeer(behave);
    // Such a peer keeps this process busy, which has to read as well.
    const { statuses, summaries } = await checkEach(peer, what.endsWith('without end') ? 3 : 0.6);
    expect(statuses).toBe(answered);
    for (const summary of summaries) expect(summary).toMatch(text);
    expect(peer.connections).toHaveLength(3);
  });
});

describe('a server without an answer', () => {
  test('is critical unless a connection is all that is required', async () => {
    const target = await openTarget('silent');
    const { statuses, summaries } = await checkEach(target, 0.3);
    expect(statuses).toBe('ok critical critical');
    expect(summaries[1]).toBe(
      `127.0.0.1:${target.port} accepts TCP but does not answer TLS: blocked`,
    );
  });

  test('is critical where nothing listens, at once', async () => {
    const target = await openTarget('refusing');
    const { statuses, summaries } = await checkEach(target, 20);
    expect(statuses).toBe('critical critical critical');
    expect(summaries[0]).toBe(`nothing listens on 127.0.0.1:${target.port} (connection refused)`);
  });

  test.each([
    ['exit 2', 'critical', 'nobody.example does not resolve to an address'],
    ['exec sleep 60', 'critical', 'nobody.example did not resolve to an address in time'],
    ['exit 7', 'unknown', 'getent, which looks names up, ended with exit code 7'],
  ])('has a name that getent cannot look up: %s', async (script, status, text) => {
    replaceGetent(script);
    const seconds = status === 'critical' && script.includes('sleep') ? 0.3 : 10;
    const target = { address: 'nobody.example', port: 443 };
    const { statuses, summaries } = await checkEach(target, seconds);
    expect(statuses).toBe(`${status} ${status} ${status}`);
    expect(summaries).toEqual([text, text, text]);
  });
});

describe('a certificate that is asked about and was not seen', () => {
  test.each([{ verify: true }, { days: { warning: 1, critical: undefined } }])(
    'is critical: %j',
    async (changes) => {
      const { statuses, summaries } = await checkEach(
        await openPeer(saying(fatalAlert)),
        5,
        changes,
      );
      expect(statuses).toBe('critical critical critical');
      expect(summaries[1]).toMatch(/alert handshake failure; its certificate was not seen$/);
    },
  );
});

describe('the server name', () => {
  test.each([
    ['is none by default for an address', undefined, false],
    ['is what it is told', 'other.test', 'other.test'],
  ])('%s', async (_what, servername, seen) => {
    const server = await openNodeTls(certificates.server);
    expect(await checkTls(server, { servername })).toMatchObject({ status: 'ok' });
    await expect.poll(() => server.servernames).toEqual([seen]);
  });

  test.each([
    ['server.test', 'ok'],
    ['other.test', 'critical'],
    [undefined, 'ok'],
  ])('%s is verified against the certificate: %s', async (servername, status) => {
    const server = await openNodeTls(certificates.server);
    const changes = { verify: true, ca: certificates.authority.cert, servername };
    expect(await checkTls(server, changes)).toMatchObject({ status });
  });
});

test('metrics are the times of connection and handshake, and the days of the certificate', async () => {
  const server = await openNodeTls(certificates.selfSigned);
  const { metrics } = await checkTls(server);
  expect(metrics).toMatchObject([
    { name: 'connect_time', unit: 's', value: expect.any(Number) },
    { name: 'handshake_time', unit: 's', value: expect.any(Number) },
    { name: 'certificate_days', value: expect.closeTo(10, 0) },
  ]);
});
