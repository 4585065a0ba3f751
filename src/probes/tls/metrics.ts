import type { Metric } from '../../check/outcome.ts';
import { type CertificateDays, daysLeft } from './certificate.ts';
import type { HandshakeAttempt } from './handshake.ts';

/** What was measured in an attempt. */
export function metricsOf(
  { connectSeconds, handshake }: HandshakeAttempt,
  days?: CertificateDays,
): readonly Metric[] {
  const metrics: Metric[] = [];
  const seconds = (name: string, value: number | undefined, help: string) => {
    if (value !== undefined) metrics.push({ name, value, unit: 's', help, minimum: 0 });
  };
  seconds('connect_time', connectSeconds, 'Time until TCP was connected');
  seconds('handshake_time', handshake?.seconds, 'Time of the TLS handshake');
  const left = handshake?.expiry ? daysLeft(handshake.expiry) : Number.NaN;
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
export function factsOf({ handshake }: HandshakeAttempt): readonly Metric[] {
  if (!handshake) return [];
  const { protocol, cipher, expiry } = handshake;
  const expires = expiry ? expiry.expires.getTime() / 1000 : Number.NaN;
  const expiryHelp = 'When the first certificate of the chain expires, in Unix time';
  return [
    ...(Number.isNaN(expires)
      ? []
      : [{ name: 'certificate_expiry', value: expires, help: expiryHelp }]),
    name(
      'tls_version',
      'version',
      protocol.replace(/^TLSv/, 'TLS '),
      'The protocol of the handshake',
    ),
    name('tls_cipher', 'cipher', cipher, 'The cipher of the handshake'),
  ];
}

function name(metric: string, label: string, value: string, help: string): Metric {
  return { name: metric, value: 1, help, labels: { [label]: value } };
}
