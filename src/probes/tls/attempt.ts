import type { X509Certificate } from 'node:crypto';
import type { SocketFailure } from '../../system/shortage.ts';
import type { Received } from './received.ts';
import type { StartTlsResult } from './starttls/index.ts';

/** A handshake that was complete on our side. */
export interface Handshake {
  /** From the ClientHello on. */
  readonly seconds: number;
  /** As TLS names it, such as `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** The protocol that the server chose by ALPN (RFC 7301); undefined when it chose none. */
  readonly application: string | undefined;
  /** The library's code for why the server's certificate does not verify; undefined when it does. */
  readonly verifyError: string | undefined;
}

/** How one connection to a server went, as far as it went before the deadline. */
export interface HandshakeAttempt {
  /** Why there was no connection, and whose fault that is. */
  readonly unreachable?: SocketFailure;
  /** Undefined when there was no connection. */
  readonly connectSeconds?: number;
  /** The result of the plain text before TLS; undefined without `--starttls`. */
  readonly plain?: StartTlsResult;
  /** How long those took. */
  readonly plainSeconds?: number;
  readonly received?: Received;
  /** Set even when the server refused it later, as in TLS 1.3. */
  readonly handshake?: Handshake;
  /** The certificates that the server showed, its own first; a handshake that failed has some too. */
  readonly shown?: readonly X509Certificate[];
  /** The error of our TLS library when it gave up, such as the server's alert. */
  readonly failure?: string;
  /** How the server ended the connection, when it did. */
  readonly ended?: 'closed' | 'reset';
  /** True when the deadline ended it. */
  readonly isLate?: boolean;
}

/** Collects what each event of an attempt tells. */
export interface AttemptRecord {
  readonly attempt: () => HandshakeAttempt;
  readonly add: (news: HandshakeAttempt) => void;
}

/** Begins the record of an attempt. `onNews` gets everything that is added. */
export function emptyRecord(onNews?: (news: HandshakeAttempt) => void): AttemptRecord {
  let attempt: HandshakeAttempt = {};
  return {
    attempt: () => attempt,
    add: (news) => {
      onNews?.(news);
      attempt = { ...attempt, ...news };
    },
  };
}

/** True when the server has accepted the handshake, or cannot refuse it any more. */
export function isAccepted({ handshake, received, failure, ended }: HandshakeAttempt): boolean {
  if (handshake === undefined) return false;
  if (received?.isAccepted) return true;
  // In TLS 1.3 our side completes before the server has read our last message: a reset may refuse it.
  return failure === undefined && !(handshake.protocol === 'TLSv1.3' && ended === 'reset');
}
