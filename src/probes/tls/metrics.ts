import type { Metric } from '../../check/outcome.ts';
import type { HandshakeAttempt } from './attempt.ts';
import { datesOf } from './certificate.ts';
import { type Chain, firstToExpire } from './chain.ts';
import { type CertificateDays, daysLeft } from './expiry.ts';

/** What was measured in an attempt; `chain` holds the certificates whose dates count. */
export function metricsOf(
  { connectSeconds, plainSeconds, handshake }: HandshakeAttempt,
  chain: Chain,
  days?: CertificateDays,
): readonly Metric[] {
  const metrics: Metric[] = [];
  const seconds = (name: string, value: number | undefined, help: string) => {
    if (value !== undefined) metrics.push({ name, value, unit: 's', help, minimum: 0 });
  };
  seconds('connect_time', connectSeconds, 'Time until TCP was connected');
  seconds('starttls_time', plainSeconds, 'Time until the server was ready for TLS');
  seconds('handshake_time', handshake?.seconds, 'Time of the TLS handshake');
  const left = daysLeft(chain);
  if (!Number.isNaN(left)) {
    metrics.push({
      name: 'certificate_days',
      value: left,
      help: 'Days until the first certificate of the chain expires',
      warning: days && `${days.warning}:`,
      critical: days?.critical === undefined ? undefined : `${days.critical}:`,
    });
  }
  return metrics;
}

/** What an attempt tells a time series besides: when the certificate expires, and what was spoken. */
export function factsOf({ handshake }: HandshakeAttempt, chain: Chain): readonly Metric[] {
  const facts: Metric[] = [];
  const first = firstToExpire(chain);
  const value = first ? datesOf(first).expires.getTime() / 1000 : Number.NaN;
  if (!Number.isNaN(value)) {
    const help = 'When the first certificate of the chain expires, in Unix time';
    facts.push({ name: 'certificate_expiry', value, help });
  }
  if (handshake !== undefined) {
    const version = handshake.protocol.replace(/^TLSv/, 'TLS ');
    const { cipher } = handshake;
    facts.push(
      named('tls_version', { version }, 'The protocol of the handshake'),
      named('tls_cipher', { cipher }, 'The cipher of the handshake'),
    );
  }
  return facts;
}

function named(name: string, labels: Readonly<Record<string, string>>, help: string): Metric {
  return { name, value: 1, help, labels };
}
