import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { type Expiry, firstToExpire } from './certificate.ts';
import { type Received, tap } from './received.ts';

/** A handshake that both sides took for completed. */
export interface Handshake {
  /** From the ClientHello on. */
  readonly seconds: number;
  /** As TLS names it, such as `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Undefined when the server showed no certificate. */
  readonly expiry: Expiry | undefined;
  /** Why the server's certificate does not verify, or undefined when it does. */
  readonly verifyError: string | undefined;
}

/** How one connection to a server went, as far as it went before the deadline. */
export interface HandshakeAttempt {
  /** Why no connection came about (errno(3)). */
  readonly unreachable?: string;
  /** Undefined when no connection came about. */
  readonly connectSeconds?: number;
  readonly received?: Received;
  /** Set although the server refused it later, in TLS 1.3. */
  readonly handshake?: Handshake;
  /** What our TLS library said when it gave up, the server's alert for one. */
  readonly failure?: string;
  /** How the server ended the connection, when it did. */
  readonly ended?: 'closed' | 'reset';
  /** True when the deadline ended it. */
  readonly isLate?: boolean;
}

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
}

/** How long a server may take to refuse a handshake that it need not accept, in seconds, at least; */
const minRefusalSeconds = 0.02;
/** and how many times as long as the connection took. */
const refusalRoundTrips = 3;

/**
 * One connection to one address, with the ClientHello at once and, once the handshake is complete,
 * close_notify and FIN at once: the server is held no longer than a handshake. Never rejects.
 */
export function shakeHands(server: TlsServer, signal: AbortSignal): Promise<HandshakeAttempt> {
  if (signal.aborted) return Promise.resolve({ isLate: true });
  let attempt: HandshakeAttempt = {};
  let receivedSoFar: (() => Received) | undefined;
  let tls: TLSSocket | undefined;
  let timer: NodeJS.Timeout | undefined;
  const record = (news: HandshakeAttempt) => {
    attempt = { ...attempt, ...news };
  };
  const clock = stopwatch();
  const socket = connectTcp({ host: server.address, port: server.port });

  return new Promise<void>((done) => {
    const late = () => {
      record({ isLate: true });
      done();
    };
    signal.addEventListener('abort', late, { once: true });
    socket.on('close', () => signal.removeEventListener('abort', late));
    socket.on('error', (error) => {
      record(brokenConnection(error, attempt, clock()));
      done();
    });
    socket.on('end', () => record({ ended: 'closed' }));
    socket.on('connect', () => {
      const connectSeconds = clock();
      record({ connectSeconds });
      const { stream, received } = tap(socket);
      receivedSoFar = received;
      const secured = speakTls(server, stream);
      tls = secured;
      secured.on('secureConnect', () => {
        record({ handshake: handshakeOf(secured, clock() - connectSeconds) });
        secured.resume().end();
        // Until TLS 1.2 the server speaks last. In TLS 1.3 its ticket, or its end, accepts.
        if (secured.getProtocol() !== 'TLSv1.3') return stream.once('finish', done);
        secured.once('session', () => done()).once('end', done);
        const limit = Math.max(minRefusalSeconds, refusalRoundTrips * connectSeconds);
        const wait = () => {
          timer ??= setTimeout(done, limit * 1000);
        };
        // Bun tells a side that has ended of no ticket: what comes is one, unless the alert is seen.
        if (server.isHandshakeRequired) socket.once('data', wait);
        else wait();
        return undefined;
      });
      secured.on('error', (error: NodeJS.ErrnoException) => {
        if (isBroken(error)) record({ ended: attempt.ended ?? 'reset' });
        else record({ failure: error.message });
        done();
      });
    });
  }).then(() => {
    clearTimeout(timer);
    tls?.destroy();
    socket.destroy();
    return receivedSoFar === undefined ? attempt : { ...attempt, received: receivedSoFar() };
  });
}

/** A reset, even one that comes with the connection, tells that there was one. */
function brokenConnection(
  error: NodeJS.ErrnoException,
  known: HandshakeAttempt,
  seconds: number,
): HandshakeAttempt {
  if (known.connectSeconds !== undefined || isBroken(error)) {
    return { connectSeconds: known.connectSeconds ?? seconds, ended: known.ended ?? 'reset' };
  }
  return { unreachable: error.code ?? error.message };
}

/** True when the connection broke, and nothing else is wrong. */
function isBroken({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
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

function handshakeOf(tls: TLSSocket, seconds: number): Handshake {
  return {
    seconds,
    protocol: tls.getProtocol() ?? 'TLS',
    cipher: tls.getCipher().name,
    expiry: firstToExpire(tls.getPeerCertificate(true)),
    verifyError: tls.authorized ? undefined : String(tls.authorizationError),
  };
}

/** Tells the seconds since it was made. */
function stopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}
