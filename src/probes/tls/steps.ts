import type { X509Certificate } from 'node:crypto';
import type { Trace } from '../../check/trace.ts';
import { alertName } from './alerts.ts';
import type { HandshakeAttempt } from './attempt.ts';
import { datesOf, issuerNameOf, nameOf } from './certificate.ts';

/**
 * Tells a trace what an attempt has recorded since the last call. `isPlain` is true if plain text comes
 * before TLS.
 */
export function traceNews(news: HandshakeAttempt, trace: Trace, isPlain: boolean): void {
  const { connectSeconds, unreachable, plain, handshake, failure, ended, isLate } = news;
  if (unreachable) trace(1, () => `could not connect (${unreachable.code})`);
  if (connectSeconds !== undefined) {
    trace(1, () => (isPlain ? 'connected' : 'connected, sends its ClientHello'));
  }
  if (plain?.kind === 'ready') trace(1, () => 'the server is ready for TLS, sends its ClientHello');
  if (plain?.kind === 'answered') trace(1, () => `the server ${plain.reason}`);
  if (handshake) {
    trace(1, () => `handshake completed, ${handshake.protocol} with ${handshake.cipher}`);
    trace(2, () => `its certificate ${verifyResult(handshake.verifyError)}`);
  }
  if (failure !== undefined) trace(1, () => `TLS failed: ${failure}`);
  if (ended !== undefined) trace(1, () => `the server ${ended} the connection`);
  if (isLate) trace(1, () => 'the deadline ended it');
}

/** Tells what the server had sent in the end, and its certificates. */
export function traceEnd({ received, shown = [] }: HandshakeAttempt, trace: Trace): void {
  const { bytes = 0, alert, first } = received ?? {};
  trace(
    1,
    () => `received ${bytes} bytes${alert === undefined ? '' : `, alert ${alertName(alert)}`}`,
  );
  if (first) trace(3, () => `the first of them: ${first.toString('hex')}`);
  shown.forEach((certificate, index) => {
    trace(1, () => `certificate ${index + 1} of ${shown.length}: ${inWords(certificate)}`);
  });
}

function verifyResult(error: string | undefined): string {
  return error === undefined ? 'verifies' : `does not verify: ${error}`;
}

function inWords(certificate: X509Certificate): string {
  const { starts, expires } = datesOf(certificate);
  const dates = `${day(starts)} to ${day(expires)}`;
  return `${nameOf(certificate)}, issued by ${issuerNameOf(certificate)}, valid ${dates}`;
}

function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 10);
}
