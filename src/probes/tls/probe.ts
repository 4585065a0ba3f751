import { critical, graver, type Outcome, unknown } from '../../check/outcome.ts';
import { endpoint } from '../../net/host-names.ts';
import type { Family } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import { shortageIn } from '../../system/shortage.ts';
import { type CertificateDays, judgeExpiry } from './certificate.ts';
import { type CredentialFiles, contextOf } from './context.ts';
import { type HandshakeAttempt, shakeHands } from './handshake.ts';
import { factsOf, metricsOf } from './metrics.ts';
import { findingOf, type Requirement, statusOf } from './verdict.ts';

/** One check of one TLS server. */
export interface TlsCheck extends CredentialFiles {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family?: Family | undefined;
  readonly port: number;
  /** For SNI; undefined for none. */
  readonly servername: string | undefined;
  readonly requirement: Requirement;
  /** Whether a certificate that does not verify is critical. */
  readonly verify: boolean;
  readonly days: CertificateDays | undefined;
}

/** Shakes hands with the server once, and judges what it sent. */
export async function probeTls(check: TlsCheck, signal: AbortSignal): Promise<Outcome> {
  const context = contextOf(check);
  if (typeof context === 'string') return unknown(context);
  const resolved = await resolveTarget(check.host, signal, check.family);
  if ('status' in resolved) return resolved;

  const { address, lookupTime } = resolved;
  const { port, servername } = check;
  const isHandshakeRequired = check.requirement === 'handshake';
  const server = { address, port, servername, context, isHandshakeRequired };
  const attempt = await shakeHands(server, signal);
  const shortage = shortageIn(attempt.unreachable ?? '');
  if (shortage !== undefined) {
    return unknown(`there was no room to ask ${endpoint(address, port)} (${shortage})`);
  }
  const finding = findingOf(attempt, endpoint(address, port));
  const answered = { status: statusOf(finding, check.requirement), summary: finding.summary };
  const parts =
    answered.status === 'ok' ? [answered, ...judgeCertificate(check, attempt)] : [answered];
  return {
    status: parts.map(({ status }) => status).reduce(graver),
    summary: parts.map(({ summary }) => summary).join('; '),
    metrics: metricsOf(attempt, check.days),
    facts: [lookupTime, ...factsOf(attempt)],
    ...responseTime(attempt),
  };
}

/** What the user asked to know of the certificate; a server that showed none does not pass. */
function judgeCertificate(
  { verify, days }: TlsCheck,
  { handshake }: HandshakeAttempt,
): readonly Outcome[] {
  if (!verify && !days) return [];
  if (!handshake) return [critical('its certificate was not seen')];
  const { expiry, verifyError } = handshake;
  const parts: Outcome[] = [];
  if (verify && verifyError !== undefined) {
    parts.push(critical(`certificate does not verify: ${verifyError}`));
  }
  if (days) parts.push(expiry ? judgeExpiry(expiry, days) : critical('it showed no certificate'));
  return parts;
}

/** A server is not blamed for the time in which it could have refused its handshake. */
function responseTime({ connectSeconds = 0, handshake }: HandshakeAttempt): { seconds?: number } {
  return handshake ? { seconds: connectSeconds + handshake.seconds } : {};
}
