import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HandshakeAttempt } from '../../../src/probes/tls/attempt.ts';
import { requirements } from '../../../src/probes/tls/requirements.ts';
import { findingOf, statusOf } from '../../../src/probes/tls/verdict.ts';

const server = '192.0.2.1:443';
const handshake = {
  ...{ seconds: 0.01, protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  ...{ verifyError: undefined, application: undefined },
};
const received = (bytes: Buffer | string, alert?: number): HandshakeAttempt => ({
  connectSeconds: 0.001,
  received: {
    ...{ bytes: bytes.length, first: Buffer.from(bytes).subarray(0, 64), alert },
    ...{ handshake: Buffer.alloc(0), isAccepted: false },
  },
});
const accepted = (bytes: Buffer): HandshakeAttempt => {
  const { received: plain, ...attempt } = received(bytes);
  return { ...attempt, ...(plain && { received: { ...plain, isAccepted: true } }) };
};
const tlsBytes = Buffer.from([0x16, 3, 3, 0, 100, 2, 0]);
const nothing = received('');

/** The contract's table: statuses under connect, answer and handshake. */
const completed = 'ok ok ok';
const answered = 'ok ok critical';
const blocked = 'ok critical critical';
const unreachable = 'critical critical critical';

const alertBytes = (description: number) => Buffer.from([0x15, 3, 1, 0, 2, 2, description]);
const alertError = (name: string) =>
  `0A00045C:SSL routines:ssl3_read_bytes:${name}:../deps/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number 116\n`;

describe('a server', () => {
  test.each<[string, HandshakeAttempt, string, string]>([
    [
      'that completes the handshake',
      { ...received(tlsBytes), handshake },
      completed,
      'TLSv1.3 handshake completed with TLS_AES_256_GCM_SHA384',
    ],
    [
      'that completes it and closes',
      { ...received(tlsBytes), handshake, ended: 'closed' },
      completed,
      'TLSv1.3 handshake completed with TLS_AES_256_GCM_SHA384',
    ],
    [
      'that completes it after a warning',
      { ...received(Buffer.from([0x15, 3, 3, 0, 2, 1, 112]), 112), handshake },
      completed,
      'TLSv1.3 handshake completed with TLS_AES_256_GCM_SHA384',
    ],
    [
      'that refuses the handshake by a plain alert',
      { ...received(alertBytes(40), 40), failure: 'whatever our library calls it' },
      answered,
      `${server} answers with the TLS alert handshake failure`,
    ],
    [
      'that refuses it with an alert that has no name',
      received(alertBytes(200), 200),
      answered,
      `${server} answers with the TLS alert number 200`,
    ],
    [
      "that refuses it afterwards, in OpenSSL's words",
      {
        ...received(tlsBytes),
        handshake,
        failure: alertError('tlsv13 alert certificate required'),
      },
      answered,
      `${server} answers with the TLS alert certificate required after its TLSv1.3 handshake`,
    ],
    [
      "that refuses it afterwards, in BoringSSL's words",
      {
        ...received(tlsBytes),
        handshake,
        failure: 'error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED',
      },
      answered,
      `${server} answers with the TLS alert certificate required after its TLSv1.3 handshake`,
    ],
    [
      'that is too old for our library',
      {
        ...received(tlsBytes),
        failure: '0A000102:SSL routines:tls_process_server_hello:unsupported protocol:file.c:1:\n',
      },
      answered,
      `${server} answers in TLS, but the handshake failed here: unsupported protocol`,
    ],
    [
      'that begins a handshake and falls silent',
      { ...received(tlsBytes), isLate: true },
      answered,
      `${server} did not finish its TLS handshake in time (7 bytes)`,
    ],
    [
      'that begins a handshake and closes',
      { ...received(tlsBytes), ended: 'closed' },
      answered,
      `${server} began a TLS handshake and closed the connection`,
    ],
    [
      'that begins a handshake and resets',
      { ...received(tlsBytes), ended: 'reset' },
      answered,
      `${server} began a TLS handshake and reset the connection`,
    ],
    [
      'that resets after the handshake of TLS 1.3, which may refuse then',
      { ...received(tlsBytes), handshake, ended: 'reset' },
      answered,
      `${server} reset the connection after its TLSv1.3 handshake`,
    ],
    [
      'that resets after it has accepted the handshake of TLS 1.3',
      { ...accepted(tlsBytes), handshake, ended: 'reset' },
      completed,
      'TLSv1.3 handshake completed with TLS_AES_256_GCM_SHA384',
    ],
    [
      'that resets after the handshake of TLS 1.2, which is over then',
      { ...received(tlsBytes), handshake: { ...handshake, protocol: 'TLSv1.2' }, ended: 'reset' },
      completed,
      'TLSv1.2 handshake completed with TLS_AES_256_GCM_SHA384',
    ],
    [
      'that says something else',
      { ...received('SSH-2.0-x\r\n'), failure: 'wrong version number' },
      answered,
      `${server} does not speak TLS: "SSH-2.0-x"`,
    ],
    [
      'that says something else in two lines',
      received('220 mail\r\n\u0000\u001b[2J250 ok'),
      answered,
      `${server} does not speak TLS: "220 mail [2J250 ok"`,
    ],
    [
      'that says bytes without a letter',
      received(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
      answered,
      `${server} does not speak TLS: first bytes 0001020304050607`,
    ],
    [
      'that closes',
      { ...nothing, ended: 'closed' },
      answered,
      `${server} closed the connection after our ClientHello`,
    ],
    [
      'that resets',
      { ...nothing, ended: 'reset' },
      answered,
      `${server} reset the connection after our ClientHello`,
    ],
    [
      'that resets before we could listen',
      { connectSeconds: 0.001, ended: 'reset' },
      answered,
      `${server} reset the connection after our ClientHello`,
    ],
    [
      'that says nothing',
      { ...nothing, isLate: true },
      blocked,
      `${server} accepts TCP but does not answer TLS: blocked`,
    ],
    [
      'that refuses the connection',
      { unreachable: { kind: 'unreachable', code: 'ECONNREFUSED' } },
      unreachable,
      `nothing listens on ${server} (connection refused)`,
    ],
    [
      'that is not there',
      { unreachable: { kind: 'unreachable', code: 'EHOSTUNREACH' } },
      unreachable,
      `${server} is unreachable (EHOSTUNREACH)`,
    ],
    [
      'that does not connect in time',
      { isLate: true },
      unreachable,
      `no connection to ${server} before the deadline`,
    ],
  ])('%s has one row of the table, and its summary', (_what, attempt, statuses, summary) => {
    const finding = findingOf(attempt, server);
    expect(finding.summary).toBe(summary);
    expect(requirements.map((one) => statusOf(finding, one)).join(' ')).toBe(statuses);
  });
});

test('an alert is judged by what the server sent, whatever our library calls it', () => {
  fc.assert(
    fc.property(fc.string(), (failure) => {
      const finding = findingOf({ ...received(alertBytes(70), 70), failure }, server);
      expect(finding).toMatchObject({
        kind: 'answered',
        summary: expect.stringMatching(/version$/),
      });
    }),
  );
});

test('any byte of the server is an answer, and its summary is one line', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
  fc.assert(
    fc.property(bytes, fc.option(fc.string(), { nil: undefined }), (first, failure) => {
      const attempt = {
        ...received(Buffer.from(first)),
        ...(failure !== undefined && { failure }),
      };
      const { kind, summary } = findingOf(attempt, server);
      expect(kind).toBe('answered');
      if (failure === undefined) expect(summary).toMatch(/^[ -~]+$/);
    }),
  );
});

test('what fails before the server spoke, and in time, is a bug of ours', () => {
  expect(() => findingOf({ ...nothing, failure: 'no ciphers available' }, server)).toThrow(
    'no ciphers available',
  );
});
