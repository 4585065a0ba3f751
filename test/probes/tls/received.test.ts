import { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tap } from '../../../src/probes/tls/received.ts';
import { openConnection } from '../../support/connection.ts';
import { endlessly, noise, record } from '../../support/tls-behaviours.ts';
import { openPeer } from '../../support/tls-peers.ts';

const alert = (level: number, description: number) =>
  record(0x15, Buffer.from([level, description]));
const handshakeFailure = alert(2, 40);
const handshake = record(0x16, Buffer.from([2, 0, 0, 1, 0x15]));

/** What is received of bytes that come in such portions. */
function receive(...portions: readonly Buffer[]) {
  const socket = new Socket();
  const { received } = tap(socket);
  for (const portion of portions) socket.emit('data', portion);
  return received();
}

/** The handshake messages before the first change of the cipher. */
function plainHandshake(records: readonly Buffer[]) {
  const change = records.findIndex((one) => one[0] === 0x14);
  const plain = change < 0 ? records : records.slice(0, change);
  return Buffer.concat(plain.filter((one) => one[0] === 0x16).map((one) => one.subarray(5)));
}

/** Cuts bytes at such places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

describe('an alert', () => {
  test.each<[string, number | undefined, readonly Buffer[]]>([
    ['is its description', 40, [handshakeFailure]],
    ['is the first of several', 70, [alert(2, 70), handshakeFailure]],
    ['may be a warning', 112, [alert(1, 112)]],
    [
      'is found behind other records',
      40,
      [handshake, record(0x14, Buffer.of(1)), handshakeFailure],
    ],
    ['is found behind an empty record', 40, [record(0x16, Buffer.alloc(0)), handshakeFailure]],
    ['may have the description 0', 0, [alert(1, 0)]],
    ['is none inside a handshake record', undefined, [record(0x16, handshakeFailure)]],
    ['is none when it is encrypted', undefined, [record(0x15, Buffer.alloc(26, 40))]],
    [
      'is none in an encrypted record of 258 bytes',
      undefined,
      [record(0x15, Buffer.alloc(258, 40))],
    ],
    ['is none while it is cut short', undefined, [handshakeFailure.subarray(0, 6)]],
    ['is none before the first byte', undefined, []],
  ])('%s', (_what, description, records) => {
    expect(receive(Buffer.concat(records)).alert).toBe(description);
  });

  const anyRecord = fc
    .tuple(fc.constantFrom(0x14, 0x15, 0x16, 0x17), fc.uint8Array({ maxLength: 600 }))
    .map(([type, body]) => record(type, Buffer.from(body)));
  const portions = fc.array(fc.nat(2000), { maxLength: 40 });

  test('is the same in whatever portions records come', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 6 }), portions, (records, places) => {
        const bytes = Buffer.concat(records);
        const first = records.find((one) => one[0] === 0x15 && one.length === 7);
        expect(
          receive(
            ...cut(
              bytes,
              places.filter((place) => place < bytes.length),
            ),
          ),
        ).toEqual({
          bytes: bytes.length,
          first: bytes.subarray(0, 64),
          alert: first?.[6],
          handshake: plainHandshake(records),
          isAccepted: false,
        });
      }),
    );
  });

  test('is the same byte by byte', () => {
    const bytes = Buffer.concat([handshake, handshakeFailure]);
    expect(receive(...[...bytes].map((byte) => Buffer.of(byte)))).toMatchObject({ alert: 40 });
  });
});

describe('in TLS 1.3 the server has accepted our handshake', () => {
  const finished = record(0x17, Buffer.alloc(53));
  const ticket = record(0x17, Buffer.alloc(250));
  const encryptedAlert = record(0x17, Buffer.alloc(19));

  /** What is received when we have sent something in between. */
  function exchange(before: Buffer, sent: Buffer, after: Buffer) {
    const socket = new Socket();
    socket.write = () => true;
    const { stream, received, onAccepted } = tap(socket);
    let calls = 0;
    onAccepted(() => {
      calls += 1;
    });
    socket.emit('data', before);
    stream.write(sent);
    socket.emit('data', after);
    return { calls, isAccepted: received().isAccepted };
  }

  test.each<[string, Buffer, Buffer, Buffer, boolean]>([
    ['when a ticket follows our Finished', handshake, finished, ticket, true],
    ['once, though two tickets follow', handshake, finished, Buffer.concat([ticket, ticket]), true],
    ['not when an alert follows', handshake, finished, encryptedAlert, false],
    ['not when only what came before was encrypted', ticket, finished, handshake, false],
    ['not when we have not sent our Finished', handshake, record(0x16, finished), ticket, false],
    ['not when we have sent an alert', handshake, alert(2, 40), ticket, false],
  ])('%s', (_what, before, sent, after, isAccepted) => {
    expect(exchange(before, sent, after)).toEqual({ calls: isAccepted ? 1 : 0, isAccepted });
  });
});

describe('the handshake in clear', () => {
  test('ends where the cipher changes, and is bounded', () => {
    const change = record(0x14, Buffer.of(1));
    const body = Buffer.from([2, 0, 0, 1, 0x15]);
    expect(receive(handshake, change, handshake).handshake).toEqual(body);
    expect(receive(handshake, handshake).handshake).toEqual(Buffer.concat([body, body]));
    const endless = record(0x16, Buffer.alloc(16_000));
    const { handshake: kept } = receive(...Array.from({ length: 50 }, () => endless));
    expect(kept.length).toBeLessThanOrEqual(102_400);
  });
});

test('what is no TLS is followed without harm', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
      const bytes = Buffer.concat(chunks);
      const { bytes: count, first } = receive(...chunks.map((chunk) => Buffer.from(chunk)));
      expect([count, first]).toEqual([bytes.length, bytes.subarray(0, 64)]);
    }),
  );
});

describe('the stream', () => {
  test('carries both directions, and the end of each', async () => {
    const { client, ours } = await openConnection();
    const { stream, received } = tap(ours);
    client.end('from there');
    stream.end('from here');
    expect(String(await buffer(client))).toBe('from here');
    expect(String(await buffer(stream))).toBe('from there');
    expect(received()).toMatchObject({ bytes: 10, first: Buffer.from('from there') });
  });

  test('lets the peer wait while nobody reads', async () => {
    const peer = await openPeer(endlessly(noise));
    const socket = new Socket().connect(peer.port, peer.address);
    onTestFinished(() => {
      socket.destroy();
    });
    await new Promise((connected) => socket.once('connect', connected));
    const { received } = tap(socket);
    await expect.poll(() => socket.isPaused()).toBe(true);
    expect(received().bytes).toBeLessThan(1_000_000);
    expect(received().first).toHaveLength(64);
  });

  test('ends with an error when the connection breaks', async () => {
    const { client, ours } = await openConnection();
    const { stream } = tap(ours);
    const failed = new Promise<Error>((failure) => stream.on('error', failure));
    client.resetAndDestroy();
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  });

  test('takes the connection with it when it is destroyed', async () => {
    const { client, ours } = await openConnection();
    const gone = new Promise((ended) => client.resume().on('end', ended));
    tap(ours).stream.destroy();
    await gone;
    expect(ours.destroyed).toBe(true);
  });
});
