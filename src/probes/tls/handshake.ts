import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Trace } from '../../check/trace.ts';
import {
  type AttemptRecord,
  emptyRecord,
  type Handshake,
  type HandshakeAttempt,
} from './attempt.ts';
import { connectTcp, isBroken, settled, stopwatch } from './connection.ts';
import { plainCertificates } from './plain-certificates.ts';
import { type TappedConnection, tap } from './received.ts';
import { traceNews } from './steps.ts';

/** Which server to shake hands with, and how. */
export interface TlsServer {
  /** A literal address. */
  readonly address: string;
  readonly port: number;
  /** For SNI and for the verification of the certificate's name. */
  readonly servername: string | undefined;
  readonly context: SecureContext;
  /** Whether a completed handshake counts only when the server has not refused it afterwards. */
  readonly isHandshakeRequired: boolean;
  readonly trace?: Trace | undefined;
}

/**
 * One connection to one address, with the ClientHello at once and, once the handshake is complete,
 * close_notify and FIN at once: the server is held no longer than a handshake. Never rejects.
 */
export async function shakeHands(
  server: TlsServer,
  signal: AbortSignal,
): Promise<HandshakeAttempt> {
  if (signal.aborted) return { isLate: true };
  const { trace } = server;
  const record = emptyRecord(trace && ((news) => traceNews(news, trace)));
  const socket = await connectTcp(server, record, signal);
  const { connectSeconds, ended, isLate } = record.attempt();
  if (connectSeconds === undefined || ended !== undefined || isLate) {
    socket.destroy();
    return record.attempt();
  }
  const tapped = tap(socket);
  const tls = speakTls(server, tapped.stream);
  try {
    await settled(record, signal, (done) => {
      watch(tls, tapped, record, done);
      waitForAcceptance(tls, tapped, { connectSeconds, ...server }, done);
    });
  } finally {
    tls.destroy();
    socket.destroy();
  }
  const received = tapped.received();
  // Up to TLS 1.2 they came in clear, and before a handshake that failed; Node's list leaves some out.
  const shown = plainCertificates(received.handshake);
  return { ...record.attempt(), received, ...(shown.length > 0 && { shown }) };
}

function speakTls({ address, servername, context }: TlsServer, stream: Duplex): TLSSocket {
  return connectTls({
    socket: stream,
    secureContext: context,
    // Whom the certificate must name when there is no servername: Node takes 'localhost' otherwise.
    host: address,
    // The outcome tells whether the certificate verifies; the server is to see a whole handshake.
    rejectUnauthorized: false,
    minDHSize: 1,
    ...(servername !== undefined && { servername }),
  });
}

/** Records how the handshake goes; every way in which the connection ends is an end of the wait. */
function watch(
  tls: TLSSocket,
  { stream }: TappedConnection,
  record: AttemptRecord,
  done: () => void,
): void {
  const clock = stopwatch();
  tls.on('secureConnect', () => {
    record.add({ handshake: handshakeOf(tls, clock()), shown: shownBy(tls) });
  });
  tls.on('error', (error: NodeJS.ErrnoException) => {
    if (isBroken(error)) record.add({ ended: record.attempt().ended ?? 'reset' });
    else record.add({ failure: error.message });
    done();
  });
  const closed = () => {
    record.add({ ended: record.attempt().ended ?? 'closed' });
    done();
  };
  tls.on('close', closed);
  // A stream that closed has given all its bytes to TLS, whose events follow.
  stream.on('close', () => setImmediate(closed));
}

/** How long a server may take to refuse a handshake that it need not accept, in seconds, at least; */
const minRefusalSeconds = 0.02;
/** and how many times as long as the connection took. */
const refusalRoundTrips = 3;

/**
 * Once our side has completed the handshake it says goodbye, and waits until the server has accepted.
 * Up to TLS 1.2 that is done; in TLS 1.3 its first message afterwards, or its end, says so.
 */
function waitForAcceptance(
  tls: TLSSocket,
  { stream, onAccepted }: TappedConnection,
  wait: { readonly connectSeconds: number; readonly isHandshakeRequired: boolean },
  done: () => void,
): void {
  let timer: NodeJS.Timeout | undefined;
  stream.on('close', () => clearTimeout(timer));
  // What we said must have gone out before the connection is given up.
  const afterGoodbye = () => {
    if (stream.writableFinished) done();
    else stream.once('finish', done);
  };
  tls.on('secureConnect', () => {
    tls.resume().end();
    if (tls.getProtocol() !== 'TLSv1.3') return afterGoodbye();
    onAccepted(afterGoodbye);
    tls.once('session', afterGoodbye).once('end', afterGoodbye);
    if (wait.isHandshakeRequired) return;
    const limit = Math.max(minRefusalSeconds, refusalRoundTrips * wait.connectSeconds);
    timer = setTimeout(done, limit * 1000);
  });
}

function handshakeOf(tls: TLSSocket, seconds: number): Handshake {
  return {
    seconds,
    protocol: tls.getProtocol() ?? 'TLS',
    cipher: tls.getCipher().name,
    verifyError: tls.authorized ? undefined : String(tls.authorizationError),
  };
}

/** A server may show more; nobody needs them. */
const maxShown = 32;

/** The certificates that a server showed, and issuers of theirs that the library has found. */
function shownBy(tls: TLSSocket): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  const seen = new Set<unknown>();
  let next = tls.getPeerCertificate(true);
  // The last is its own issuer, or has none.
  while (next?.raw && !seen.has(next) && found.length < maxShown) {
    seen.add(next);
    found.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return found;
}
