import { beforeAll, describe, expect, test } from 'vitest';
import { nameOf } from '../../../src/probes/tls/certificate.ts';
import { contextOf } from '../../../src/probes/tls/context.ts';
import { shakeHands } from '../../../src/probes/tls/handshake.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { start, until } from '../../support/programs.ts';
import { checkEach } from '../../support/tls.ts';
import { saying } from '../../support/tls-behaviours.ts';
import { type Certificates, makeCertificates } from '../../support/tls-certificates.ts';
import { type Connection, openNodeTls, openPeer, openRelay } from '../../support/tls-peers.ts';
import { lines, type OpensslServer, startOpenssl } from '../../support/tls-server.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;
let servers: Record<'1.2' | '1.3', OpensslServer>;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
  servers = {
    '1.2': await startOpenssl(cleanUp, certificates.selfSigned, '-tls1_2'),
    '1.3': await startOpenssl(cleanUp, certificates.selfSigned, '-tls1_3'),
  };
});

function shake(
  peer: Pick<Connection, 'address' | 'port'>,
  signal = AbortSignal.timeout(10_000),
  isHandshakeRequired = false,
) {
  const prepared = contextOf({ cert: undefined, key: undefined, ca: undefined, verify: false });
  if (typeof prepared === 'string') throw new Error(prepared);
  const { context } = prepared;
  const { address, port } = peer;
  const server = { address, port, servername: undefined, context, isHandshakeRequired };
  return shakeHands(server, signal);
}

describe.each(['1.2', '1.3'] as const)('to a server of TLS %s', (version) => {
  test('an attempt is one connection, which begins with one ClientHello', async () => {
    const relay = await openRelay(servers[version]);
    expect(await shake(relay)).toMatchObject({ handshake: { protocol: `TLSv${version}` } });
    expect(relay.connections).toHaveLength(1);
    const received = relay.connections[0]?.received ?? Buffer.alloc(0);
    const length = received.readUInt16BE(3);
    // A handshake record, and in it a ClientHello that fills it (RFC 8446 sections 5.1 and 4).
    expect([received[0], received[1], received[5]]).toEqual([0x16, 3, 1]);
    expect(received.readUIntBE(6, 3)).toBe(length - 4);
  });

  test('its ClientHello is of a size that no old server hangs on', async () => {
    const peer = await openPeer(() => {});
    await shake(peer, AbortSignal.timeout(200));
    const size = peer.connections[0]?.received.length ?? 0;
    // RFC 7685: not from 256 to 511 bytes; and in one segment.
    expect(size).toBeGreaterThan(511);
    expect(size).toBeLessThan(1400);
  });

  test('an attempt ends with close_notify and FIN', async () => {
    const server = servers[version];
    const relay = await openRelay(server);
    const before = server.count(lines.closeNotify);
    await shake(relay);
    await expect.poll(() => server.count(lines.closeNotify)).toBe(before + 1);
    expect(server.count(lines.closed)).toBe(server.count(lines.established));
    expect(server.count(lines.failed)).toBe(0);
    await expect.poll(() => relay.connections.map(({ ended }) => ended)).toEqual(['FIN']);
  });

  test('an attempt is over as soon as the server has closed too', async () => {
    const start = performance.now();
    for (let count = 0; count < 5; count += 1) await shake(servers[version]);
    // Five times the patience with a server that does not close would be 1.25 s.
    expect((performance.now() - start) / 5).toBeLessThan(200);
  });
});

test('a server of Node sees a handshake and a proper end', async () => {
  const server = await openNodeTls(certificates.selfSigned);
  await shake(server);
  await expect.poll(() => server.endings).toEqual([undefined]);
});

test('a handshake tells its protocol, cipher, time and certificate', async () => {
  const { connectSeconds, received, handshake, shown, ...rest } = await shake(servers['1.3']);
  expect(connectSeconds).toBeGreaterThan(0);
  expect(received).toMatchObject({ alert: undefined, first: expect.any(Buffer) });
  expect(handshake).toMatchObject({
    cipher: 'TLS_AES_256_GCM_SHA384',
    verifyError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
  expect(handshake?.seconds).toBeGreaterThan(0);
  expect(shown?.map(nameOf)).toEqual(['self.test']);
  expect(rest).not.toHaveProperty('failure');
});

test.each([true, false])(
  'a server that never closes holds nobody up for long: %s',
  async (isIt) => {
    const server = await openNodeTls(certificates.selfSigned, { allowHalfOpen: true });
    const start = performance.now();
    expect(await shake(server, AbortSignal.timeout(20_000), isIt)).toHaveProperty('handshake');
    expect(performance.now() - start).toBeLessThan(5000);
  },
);

describe('an abort', () => {
  test('ends an attempt with what is known until then', async () => {
    const peer = await openPeer(saying(Buffer.from([0x16, 3, 3])));
    const aborted = new AbortController();
    const attempt = shake(peer, aborted.signal);
    await expect.poll(() => peer.connections[0]?.received.length ?? 0).toBeGreaterThan(0);
    await new Promise(setImmediate);
    aborted.abort();
    expect(await attempt).toMatchObject({ received: { bytes: expect.any(Number) } });
    await expect.poll(() => peer.connections[0]?.ended).not.toBe('open');
  });

  test('before it makes no connection', async () => {
    const peer = await openPeer((socket) => socket.end());
    expect(await shake(peer, AbortSignal.abort())).toEqual({ isLate: true });
    // The kernel hands connections over in their order: one of before would have come.
    await shake(peer);
    expect(peer.connections).toHaveLength(1);
  });
});

test.each(['resetAndDestroy', 'destroy', 'end'])(
  'a server that leaves at once by %s gets one verdict, whoever is faster',
  async (method) => {
    const program = `require('node:net').createServer((socket) => socket.on('error', () => {}).${method}())
      .listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;
    // In a process of its own, which runs at the same time as the probe.
    const server = await start(cleanUp, process.execPath, ['-e', program]);
    await until('the server listens', async () => /^\d+\n$/.test(server.output()));
    const target = { address: '127.0.0.1', port: Number(server.output()) };
    const verdicts = new Set<string>();
    for (let count = 0; count < 40; count += 1) {
      const { statuses, summaries } = await checkEach(target, 5);
      verdicts.add(statuses);
      for (const summary of summaries) {
        expect(summary).toMatch(/(closed|reset) the connection after our ClientHello$/);
      }
    }
    expect([...verdicts]).toEqual(['ok ok critical']);
  },
);
