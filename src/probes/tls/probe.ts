import { placeOf } from '../../net/address.ts';
import { endpoint } from '../../net/host.ts';
import { shortageIn } from '../../net/shortage.ts';
import { critical, graver, type Outcome, unknown } from '../../outcome.ts';
import { type CertificateDays, judgeExpiry } from './certificate.ts';
import { type CredentialFiles, contextOf } from './context.ts';
import { type Meeting, meet } from './meeting.ts';
import { factsOf, metricsOf } from './metrics.ts';
import { findingOf, type Requirement, statusOf } from './verdict.ts';

/** One check of one TLS server. */
export interface TlsCheck extends CredentialFiles {
  readonly host: string;
  readonly port: number;
  /** For SNI; undefined for none. */
  readonly servername: string | undefined;
  readonly requirement: Requirement;
  /** Whether a certificate that does not verify is critical. */
  readonly verify: boolean;
  readonly days: CertificateDays | undefined;
}

/** Meets the server once, and judges what it said. */
export async function probeTls(check: TlsCheck, signal: AbortSignal): Promise<Outcome> {
  const context = contextOf(check);
  if (typeof context === 'string') return unknown(context);
  const place = await placeOf(check.host, signal);
  if ('status' in place) return place;

  const { address, lookupTime } = place;
  const { port, servername } = check;
  const isHandshakeRequired = check.requirement === 'handshake';
  const server = { address, port, servername, context, isHandshakeRequired };
  const meeting = await meet(server, signal);
  const shortage = shortageIn(meeting.unreachable ?? '');
  if (shortage !== undefined) {
    return unknown(`there was no room to ask ${endpoint(address, port)} (${shortage})`);
  }
  const finding = findingOf(meeting, endpoint(address, port));
  const met = { status: statusOf(finding, check.requirement), summary: finding.words };
  const parts = met.status === 'ok' ? [met, ...judgeCertificate(check, meeting)] : [met];
  return {
    status: parts.map(({ status }) => status).reduce(graver),
    summary: parts.map(({ summary }) => summary).join('; '),
    metrics: metricsOf(meeting, check.days),
    facts: [lookupTime, ...factsOf(meeting)],
    ...responseTime(meeting),
  };
}

/** What the user asked to know of the certificate; a server that showed none does not pass. */
function judgeCertificate({ verify, days }: TlsCheck, { handshake }: Meeting): readonly Outcome[] {
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
function responseTime({ connectSeconds = 0, handshake }: Meeting): { seconds?: number } {
  return handshake ? { seconds: connectSeconds + handshake.seconds } : {};
}
