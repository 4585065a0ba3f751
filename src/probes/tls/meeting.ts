import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { type Expiry, firstToExpire } from './certificate.ts';
import { type Heard, tap } from './wire.ts';

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
export interface Meeting {
  /** Why no connection came about (errno(3)); undefined when one did, or when time ran out. */
  readonly unreachable?: string;
  /** Undefined when no connection came about. */
  readonly connectSeconds?: number;
  readonly heard?: Heard;
  /** Set although the server refused it later, in TLS 1.3. */
  readonly handshake?: Handshake;
  /** What our TLS library said when it gave up, the server's alert for one. */
  readonly failure?: string;
  /** How the server ended the connection, when it did. */
  readonly ended?: 'closed' | 'reset';
}

export interface TlsServer {
  /** A literal address. */
  readonly address: string;
  readonly port: number;
  /** For SNI and for the verification of the certificate's name. */
  readonly servername: string | undefined;
  readonly context: SecureContext;
}

/** After the handshake the server may still refuse it, and close; it is waited for so many seconds. */
const patience = 0.25;

/**
 * One connection to one address, with the ClientHello at once and, once the handshake is complete,
 * close_notify and FIN at once: the server is held no longer than a handshake. Never rejects.
 */
export function meet(server: TlsServer, signal: AbortSignal): Promise<Meeting> {
  let meeting: Meeting = {};
  let heard: (() => Heard) | undefined;
  let tls: TLSSocket | undefined;
  let timer: NodeJS.Timeout | undefined;
  const clock = stopwatch();
  const socket = connectTcp({ host: server.address, port: server.port });

  return new Promise<void>((over) => {
    const learn = (news: Meeting) => {
      meeting = { ...meeting, ...news };
    };
    signal.addEventListener('abort', () => over(), { once: true });
    if (signal.aborted) over();
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (heard === undefined) learn({ unreachable: error.code ?? error.message });
      else learn({ ended: 'reset' });
      over();
    });
    socket.on('end', () => learn({ ended: 'closed' }));
    socket.on('connect', () => {
      learn({ connectSeconds: clock() });
      const wire = tap(socket);
      heard = wire.heard;
      const hello = stopwatch();
      tls = speakTls(server, wire.stream);
      tls.on('secureConnect', () => {
        if (tls) learn({ handshake: handshakeOf(tls, hello()) });
        tls?.resume().end();
        timer = setTimeout(over, patience * 1000);
      });
      tls.on('error', (error: NodeJS.ErrnoException) => {
        // That the connection broke is told by the socket itself, and by nothing else for certain.
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE')
          learn({ failure: error.message });
        over();
      });
      tls.on('close', () => over());
    });
  }).then(() => {
    clearTimeout(timer);
    tls?.destroy();
    socket.destroy();
    return heard === undefined ? meeting : { ...meeting, heard: heard() };
  });
}

function speakTls({ servername, context }: TlsServer, stream: Duplex): TLSSocket {
  return connectTls({
    socket: stream,
    secureContext: context,
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
