import type { TLSSocket } from 'node:tls';
import type { TappedConnection } from './received.ts';

/** What there is to know before leaving. */
interface Leaving {
  readonly connectSeconds: number;
  readonly isHandshakeRequired: boolean;
  /** What the server's protocol has for a farewell; undefined for TLS alone. */
  readonly goodbye: string | Buffer | undefined;
}

/** How long a server may take to refuse a handshake that it need not accept, in seconds, at least; */
const minRefusalSeconds = 0.02;
/** and how many times as long as the connection took. */
const refusalRoundTrips = 3;

/** How long a server may take to answer a goodbye and close the connection, in seconds. */
const farewellSeconds = 0.5;

/**
 * Once our side has completed the handshake it says goodbye, and waits until the server has accepted.
 * Up to TLS 1.2 it already has; in TLS 1.3 its first message afterwards, or its end, says so.
 */
export function leaveOnceAccepted(
  tls: TLSSocket,
  tapped: TappedConnection,
  leaving: Leaving,
  done: () => void,
): void {
  const timers: NodeJS.Timeout[] = [];
  const after = (seconds: number) => timers.push(setTimeout(done, seconds * 1000));
  tapped.stream.on('close', () => timers.forEach(clearTimeout));
  tls.on('secureConnect', () => {
    if (leaving.goodbye === undefined) {
      tls.resume().end();
      waitForAcceptance(tls, tapped, done);
      if (leaving.isHandshakeRequired || tls.getProtocol() !== 'TLSv1.3') return;
      after(Math.max(minRefusalSeconds, refusalRoundTrips * leaving.connectSeconds));
    } else {
      // The server answers and closes; if we went before, it would see a broken connection.
      tls.resume().end(leaving.goodbye);
      tls.once('end', done);
      after(farewellSeconds);
    }
  });
}

function waitForAcceptance(
  tls: TLSSocket,
  { stream, onAccepted }: TappedConnection,
  done: () => void,
): void {
  // What we said must have gone out before the connection is given up.
  const onceSaid = () => {
    if (stream.writableFinished) done();
    else stream.once('finish', done);
  };
  if (tls.getProtocol() !== 'TLSv1.3') {
    onceSaid();
    return;
  }
  onAccepted(onceSaid);
  tls.once('session', onceSaid).once('end', onceSaid);
}
