import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Trace } from '../../check/trace.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
import {
  type AttemptRecord,
  emptyRecord,
  type Handshake,
  type HandshakeAttempt,
} from './attempt.ts';
import { connectTcp, isBroken, settled, stopwatch } from './connection.ts';
import { leaveOnceAccepted } from './leave.ts';
import { plainCertificates } from './plain-certificates.ts';
import { type ProxyVersion, proxyHeader } from './proxy-header.ts';
import { type TappedConnection, tap } from './received.ts';
import type { StartTlsProtocol } from './starttls/protocols.ts';
import type { Names } from './starttls/session.ts';
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
  /** The protocols to offer by ALPN (RFC 7301). */
  readonly alpn?: readonly string[] | undefined;
  readonly proxyProtocol?: ProxyVersion | undefined;
  readonly startTls?: { readonly protocol: StartTlsProtocol; readonly names: Names } | undefined;
  readonly trace?: Trace | undefined;
}

/**
 * Makes one connection to one address. Sends the ClientHello at once, or as soon as the server is ready for
 * it. When the handshake is complete it sends close_notify and FIN at once: the server is held no longer
 * than a handshake takes. Never rejects.
 */
export async function shakeHands(
  server: TlsServer,
  signal: AbortSignalLike,
): Promise<HandshakeAttempt> {
  if (signal.aborted) return { isLate: true };
  const { trace, startTls } = server;
  const record = emptyRecord(trace && ((news) => traceNews(news, trace, startTls !== undefined)));
  const socket = await connectTcp(server, record, signal);
  try {
    const isReady = await prepare(socket, server, record, signal);
    return isReady ? await handshake(socket, server, record, signal) : record.attempt();
  } finally {
    socket.destroy();
  }
}

const endedAtOnce = { kind: 'answered', reason: 'closed the connection without a word' } as const;

/** Says what comes before the ClientHello; returns whether there is a connection for one. */
async function prepare(
  socket: Socket,
  { proxyProtocol, startTls, trace }: TlsServer,
  record: AttemptRecord,
  signal: AbortSignalLike,
): Promise<boolean> {
  const { connectSeconds, ended, isLate } = record.attempt();
  if (connectSeconds === undefined || isLate) return false;
  if (ended !== undefined) {
    if (startTls) record.add({ plain: endedAtOnce });
    return false;
  }
  if (proxyProtocol !== undefined) {
    // In one segment with what follows at once.
    socket.cork();
    socket.write(proxyHeader(proxyProtocol, socket));
    setImmediate(() => socket.uncork());
  }
  if (startTls === undefined) return true;
  const clock = stopwatch();
  const speak = (await import('./starttls/index.ts')).startTls;
  const plain = await speak(socket, startTls, signal, trace);
  record.add({ plain, plainSeconds: clock() });
  return plain.kind === 'ready';
}

async function handshake(
  socket: Socket,
  server: TlsServer,
  record: AttemptRecord,
  signal: AbortSignalLike,
): Promise<HandshakeAttempt> {
  const { connectSeconds = 0 } = record.attempt();
  const leaving = { connectSeconds, ...server, goodbye: await goodbyeOf(server) };
  const tapped = tap(socket);
  const tls = speakTls(server, tapped.stream);
  try {
    await settled(record, signal, (done) => {
      watch(tls, tapped, record, done);
      leaveOnceAccepted(tls, tapped, leaving, done);
    });
  } finally {
    tls.destroy();
  }
  const received = tapped.received();
  // Up to TLS 1.2 they are not encrypted, and come before a handshake fails. Node's list leaves some out.
  const shown = plainCertificates(received.handshake);
  return { ...record.attempt(), received, ...(shown.length > 0 && { shown }) };
}

async function goodbyeOf({ startTls }: TlsServer): Promise<string | Buffer | undefined> {
  if (startTls === undefined) return undefined;
  return (await import('./starttls/index.ts')).goodbyeInTls(startTls.protocol);
}

function speakTls({ address, servername, context, alpn }: TlsServer, stream: Duplex): TLSSocket {
  return connectTls({
    socket: stream,
    secureContext: context,
    // The name that the certificate must have when there is no servername. Without it Node takes 'localhost'.
    host: address,
    // The outcome tells whether the certificate verifies; the server is to see a whole handshake.
    rejectUnauthorized: false,
    minDHSize: 1,
    ...(servername !== undefined && { servername }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
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

function handshakeOf(tls: TLSSocket, seconds: number): Handshake {
  return {
    seconds,
    protocol: tls.getProtocol() ?? 'TLS',
    cipher: tls.getCipher().name,
    application: tls.alpnProtocol || undefined,
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
