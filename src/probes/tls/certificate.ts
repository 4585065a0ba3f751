import type { DetailedPeerCertificate } from 'node:tls';
import { critical, type Outcome } from '../../check/outcome.ts';

/** The certificate of a chain that expires first. */
export interface Expiry {
  readonly subject: string;
  readonly expires: Date;
}

/** Thresholds on the days left, by plugin convention: below them is too few. */
export interface CertificateDays {
  readonly warning: number;
  readonly critical: number | undefined;
}

/** The first to expire of the certificates that a server showed; undefined when it showed none. */
export function firstToExpire(leaf: DetailedPeerCertificate | undefined): Expiry | undefined {
  const seen = new Set<DetailedPeerCertificate>();
  let first: Expiry | undefined;
  for (
    let certificate = leaf;
    certificate?.valid_to && !seen.has(certificate);
    certificate = certificate.issuerCertificate
  ) {
    seen.add(certificate);
    const expires = new Date(certificate.valid_to);
    const { CN, O } = certificate.subject ?? {};
    const subject = [CN ?? O ?? 'without a name'].flat().join(', ');
    // A date that cannot be read is the first of all: nothing is known of it.
    if (!first || !(expires >= first.expires)) first = { subject, expires };
    if (Number.isNaN(expires.getTime())) break;
  }
  return first;
}

const day = 86_400_000;

/** Days until a certificate expires, less than zero afterwards, NaN for a date that cannot be read. */
export function daysLeft({ expires }: Expiry, now = new Date()): number {
  return (expires.getTime() - now.getTime()) / day;
}

/** Judges the days left of a certificate. */
export function judgeExpiry(expiry: Expiry, limit: CertificateDays, now = new Date()): Outcome {
  const left = daysLeft(expiry, now);
  if (Number.isNaN(left)) return critical(`certificate of ${expiry.subject} has no readable date`);
  const date = expiry.expires.toISOString().slice(0, 10);
  const summary =
    left < 0
      ? `certificate of ${expiry.subject} expired on ${date}`
      : `certificate of ${expiry.subject} expires on ${date}, in ${Math.floor(left)} days`;
  if (left < Math.max(0, limit.critical ?? 0)) return critical(summary);
  return { status: left < limit.warning ? 'warning' : 'ok', summary };
}
