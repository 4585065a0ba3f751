import type { Status } from '../../check/outcome.ts';
import { alertName } from './alerts.ts';
import { type HandshakeAttempt, isAccepted } from './attempt.ts';
import type { Received } from './received.ts';
import type { Requirement } from './requirements.ts';

/** What an attempt shows, and the sentence for it. */
export interface Finding {
  readonly kind: keyof typeof statuses;
  readonly summary: string;
}

const statuses = {
  completed: { connect: 'ok', answer: 'ok', handshake: 'ok' },
  /** Any answer proves that the server accepts and reads. */
  answered: { connect: 'ok', answer: 'ok', handshake: 'critical' },
  /** The harm that connect-and-close does and never sees. */
  blocked: { connect: 'ok', answer: 'critical', handshake: 'critical' },
  unreachable: { connect: 'critical', answer: 'critical', handshake: 'critical' },
} as const satisfies Record<string, Record<Requirement, Status>>;

/** The status of a finding: a total table. */
export function statusOf({ kind }: Finding, requirement: Requirement): Status {
  return statuses[kind][requirement];
}

/** Judges an attempt by what the server sent; the words of our TLS library are only repeated. `server` is an endpoint. */
export function findingOf(attempt: HandshakeAttempt, server: string): Finding {
  const { received, handshake, unreachable } = attempt;
  if (unreachable !== undefined)
    return { kind: 'unreachable', summary: refusal(unreachable.code, server) };
  if (attempt.connectSeconds === undefined) {
    return { kind: 'unreachable', summary: `no connection to ${server} before the deadline` };
  }
  if (handshake !== undefined && isAccepted(attempt)) {
    const { protocol, cipher, application } = handshake;
    const chosen = application === undefined ? '' : ` for ${application}`;
    return {
      kind: 'completed',
      summary: `${protocol} handshake completed with ${cipher}${chosen}`,
    };
  }
  if (attempt.plain?.kind === 'silent') {
    return { kind: 'blocked', summary: `${server} accepts TCP but says nothing: blocked` };
  }
  if (attempt.plain?.kind === 'answered') {
    return { kind: 'answered', summary: `${server} ${attempt.plain.reason}` };
  }
  if (received === undefined || received.bytes === 0) return silentOrEnded(attempt, server);
  return { kind: 'answered', summary: `${server} ${answerOf(received, attempt)}` };
}

function refusal(code: string, server: string): string {
  return code === 'ECONNREFUSED'
    ? `nothing listens on ${server} (connection refused)`
    : `${server} is unreachable (${code})`;
}

function silentOrEnded(
  { ended, isLate, failure, plain }: HandshakeAttempt,
  server: string,
): Finding {
  // What fails before the server spoke, and in time, has failed on our side.
  if (ended === undefined && !isLate) throw new Error(failure ?? 'no end of the TLS connection');
  if (ended === undefined && plain !== undefined) {
    return { kind: 'answered', summary: `${server} agrees to TLS, and is silent then` };
  }
  if (ended === undefined) {
    return { kind: 'blocked', summary: `${server} accepts TCP but does not answer TLS: blocked` };
  }
  const how = ended === 'reset' ? 'reset' : 'closed';
  return { kind: 'answered', summary: `${server} ${how} the connection after our ClientHello` };
}

/** What the server sent instead of a handshake, known by its first byte (RFC 8446 section 5.1). */
function answerOf(
  received: Received,
  { handshake, failure = '', ended }: HandshakeAttempt,
): string {
  const isTls = received.first[0] === 0x16 || received.first[0] === 0x15;
  if (!isTls) return `does not speak TLS: ${printable(received.first)}`;
  const alert = received.alert === undefined ? alertIn(failure) : alertName(received.alert);
  const when = handshake ? ` after its ${handshake.protocol} handshake` : '';
  if (alert !== undefined) return `answers with the TLS alert ${alert}${when}`;
  if (ended !== undefined && handshake) return `${ended} the connection${when}`;
  if (ended !== undefined) return `began a TLS handshake and ${ended} the connection`;
  if (failure !== '') return `answers in TLS, but the handshake failed here: ${reasonIn(failure)}`;
  return `did not finish its TLS handshake in time (${received.bytes} ${received.bytes === 1 ? 'byte' : 'bytes'})`;
}

function printable(bytes: Buffer): string {
  const text = bytes
    .toString('latin1')
    .replace(/[^ -~]+/g, ' ')
    .trim();
  return text === '' ? `first bytes ${bytes.subarray(0, 8).toString('hex')}` : `"${text}"`;
}

/** OpenSSL's and BoringSSL's word for an alert that came encrypted, as TLS 1.3 sends it. */
function alertIn(failure: string): string | undefined {
  const [, name] = /alert[ _]([a-z_ ]+?)(?::|$| number)/i.exec(failure) ?? [];
  return name?.toLowerCase().replaceAll('_', ' ');
}

/** The reason in `0A000102:SSL routines:function:reason:file:line:`. */
function reasonIn(failure: string): string {
  return /:SSL routines:[^:]*:([^:]+)/.exec(failure)?.[1] ?? failure;
}
