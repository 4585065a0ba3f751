import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DetailedPeerCertificate } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CertificateDays,
  daysLeft,
  firstToExpire,
  judgeExpiry,
} from '../../../src/probes/tls/certificate.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Certificates, makeCertificates } from '../../support/tls-certificates.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
});

/** A chain as node:tls gives it: the last certificate is its own issuer, or has none. */
function chain(files: readonly string[], isWhole = true): DetailedPeerCertificate {
  const parsed = files.map(
    (file) => new X509Certificate(readFileSync(file)).toLegacyObject() as DetailedPeerCertificate,
  );
  parsed.forEach((certificate, index) => {
    const issuer = parsed[index + 1] ?? (isWhole ? certificate : undefined);
    if (issuer) certificate.issuerCertificate = issuer;
  });
  const [leaf] = parsed;
  if (!leaf) throw new Error('no certificate');
  return leaf;
}

describe('the first to expire', () => {
  test('is the only one of a certificate that is its own issuer', () => {
    const { cert } = certificates.selfSigned;
    const first = firstToExpire(chain([cert]));
    expect(first?.subject).toBe('self.test');
    expect(first?.expires).toEqual(new Date(new X509Certificate(readFileSync(cert)).validTo));
  });

  test.each([true, false])('is the issuer when that expires before its leaf', (isWhole) => {
    const { server, authority } = certificates;
    expect(firstToExpire(chain([server.cert, authority.cert], isWhole))?.subject).toBe(
      'authority.test',
    );
  });

  test('is the leaf when that expires before its issuer', () => {
    const { expired, authority } = certificates;
    expect(firstToExpire(chain([expired.cert, authority.cert]))?.subject).toBe('expired.test');
  });

  test('is undefined without a certificate', () => {
    expect(firstToExpire(undefined)).toBeUndefined();
    // Node's getPeerCertificate gives an empty object for a server that showed none.
    expect(firstToExpire({} as DetailedPeerCertificate)).toBeUndefined();
  });

  test.each([
    ['its organisation without a common name', '/O=Example Inc', 'Example Inc'],
    ['both common names of two', '/CN=one/CN=two', 'one, two'],
    ['no name without one', '/C=DE', 'without a name'],
    ['no name when its subject is empty', '/', 'without a name'],
  ])('has %s', async (_what, subject, words) => {
    const file = `${certificates.directory}/named.pem`;
    await certificates.make(
      `openssl req -x509 -key self.key -days 5 -subj '${subject}' -out named.pem`,
    );
    expect(firstToExpire(chain([file]))?.subject).toBe(words);
  });
});

describe('days left', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const day = 86_400_000;
  const expiring = (days: number) => ({
    subject: 'x.test',
    expires: new Date(now.getTime() + days * day),
  });
  const judge = (days: number, warning: number, critical?: number) =>
    judgeExpiry(expiring(days), { warning, critical }, now);

  test('are less than zero after it has expired', () => {
    expect(daysLeft(expiring(1.5), now)).toBe(1.5);
    expect(daysLeft(expiring(-2), now)).toBe(-2);
  });

  test.each<[number, CertificateDays, string]>([
    [31, { warning: 30, critical: 7 }, 'ok'],
    [30, { warning: 30, critical: 7 }, 'ok'],
    [29.999, { warning: 30, critical: 7 }, 'warning'],
    [7, { warning: 30, critical: 7 }, 'warning'],
    [6.999, { warning: 30, critical: 7 }, 'critical'],
    [6.999, { warning: 30, critical: undefined }, 'warning'],
    [-0.001, { warning: 30, critical: undefined }, 'critical'],
    [0.001, { warning: 0, critical: undefined }, 'ok'],
    [-0.001, { warning: 0, critical: 0 }, 'critical'],
    [6.999, { warning: 7, critical: 7 }, 'critical'],
  ])('%d, with the thresholds %j, are %s', (days, { warning, critical }, status) => {
    expect(judge(days, warning, critical).status).toBe(status);
  });

  test('are said with the day of the end, and after it the day alone', () => {
    expect(judge(12.9, 30).summary).toBe('certificate of x.test expires on 2026-12-03, in 12 days');
    expect(judge(-400, 30).summary).toBe('certificate of x.test expired on 2025-10-16');
  });

  test('are never judged better when they are fewer', () => {
    const gravity = ['ok', 'warning', 'critical'];
    const days = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(days, days, fc.nat(500), fc.nat(500), (some, others, one, other) => {
        const [warning, critical] = [Math.max(one, other), Math.min(one, other)];
        const of = (left: number) => gravity.indexOf(judge(left, warning, critical).status);
        expect(of(Math.min(some, others))).toBeGreaterThanOrEqual(of(Math.max(some, others)));
      }),
    );
  });
});
