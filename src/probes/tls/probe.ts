import { graver, type Outcome, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { endpoint } from '../../net/host-names.ts';
import type { Family } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
import { whyUnasked } from '../../system/shortage.ts';
import type { HandshakeAttempt } from './attempt.ts';
import type { CertificateScope } from './certificate-scopes.ts';
import { stopwatch } from './connection.ts';
import type { Credentials, TlsContext } from './context.ts';
import { type CertificateDays, judgedChain, measuredChain } from './expiry.ts';
import { shakeHands, type TlsServer } from './handshake.ts';
import { judgeCertificate } from './judge-certificate.ts';
import { keptContext } from './kept-context.ts';
import { factsOf, metricsOf } from './metrics.ts';
import type { Requirement } from './requirements.ts';
import { traceEnd } from './steps.ts';
import { findingOf, statusOf } from './verdict.ts';

/** One check of one TLS server. A certificate that does not verify is critical under `verify` alone. */
export interface TlsCheck
  extends Credentials,
    Pick<TlsServer, 'port' | 'servername' | 'alpn' | 'proxyProtocol' | 'startTls'> {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family?: Family | undefined;
  readonly requirement: Requirement;
  readonly days: CertificateDays | undefined;
  readonly scope: CertificateScope;
  /** The deadline, in seconds. */
  readonly timeout: number;
}

/** Shakes hands with the server once, and judges what it sent. */
export async function probeTls(
  check: TlsCheck,
  signal: AbortSignalLike,
  trace?: Trace,
): Promise<Outcome> {
  const clock = stopwatch();
  const prepared = keptContext(check);
  if (typeof prepared === 'string') return unknown(prepared);
  const ownSeconds = clock();
  const resolved = await resolveTarget(check.host, signal, check.family, trace);
  if ('status' in resolved) return resolved;

  const { address, lookupTime } = resolved;
  const { port } = check;
  const isHandshakeRequired = check.requirement === 'handshake';
  const server = { ...check, address, context: prepared.context, isHandshakeRequired, trace };
  const attempt = await shakeHands(server, signal);
  if (trace) traceEnd(attempt, trace);
  const { unreachable, isLate, handshake } = attempt;
  if (unreachable && unreachable.kind !== 'unreachable') {
    return unknown(whyUnasked(unreachable, endpoint(address, port)));
  }
  if (isLate && !handshake && ownSeconds > check.timeout / 2) {
    return unknown(`to read the certificates of this side took ${ownSeconds.toFixed(1)} s`);
  }
  const outcome = judgeAttempt(check, attempt, prepared, address);
  return { ...outcome, facts: [lookupTime, ...(outcome.facts ?? [])] };
}

/** Judges what was received, and the certificate of a server that has passed. */
function judgeAttempt(
  check: TlsCheck,
  attempt: HandshakeAttempt,
  { trust }: TlsContext,
  address: string,
): Outcome {
  const { shown = [] } = attempt;
  const chainOf = check.days || check.verify ? judgedChain : measuredChain;
  const chain = chainOf(shown, check.scope, trust);
  const finding = findingOf(attempt, endpoint(address, check.port));
  const parts = [{ status: statusOf(finding, check.requirement), summary: finding.summary }];
  if (finding.kind === 'completed' && check.alpn && !attempt.handshake?.application) {
    parts.push({ status: 'ok', summary: `none of ${check.alpn.join(', ')} was chosen` });
  }
  if (parts[0]?.status === 'ok') {
    const wanted = check.servername ?? address;
    parts.push(...judgeCertificate(check, { attempt, chain, trust, wanted }));
  }
  return {
    status: parts.map(({ status }) => status).reduce(graver),
    summary: parts.map(({ summary }) => summary).join('; '),
    metrics: metricsOf(attempt, chain, check.days),
    facts: factsOf(attempt, chain),
    ...responseTime(attempt),
  };
}

/** A server is not blamed for the time in which it could have refused its handshake. */
function responseTime({ connectSeconds = 0, plainSeconds = 0, handshake }: HandshakeAttempt) {
  return handshake ? { seconds: connectSeconds + plainSeconds + handshake.seconds } : {};
}
