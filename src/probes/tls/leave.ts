import type { TLSSocket } from 'node:tls';
import type { TappedConnection } from './received.ts';

/** What there is to know before leaving. */
interface Leaving {
  readonly connectSeconds: number;
  readonly isHandshakeRequired: boolean;
  /** How a client leaves in the server's protocol; undefined if that protocol is TLS alone. */
  readonly goodbye: string | Buffer | undefined;
}

/**
 * If its acceptance is not required, a server may take this long to refuse a handshake: a number of round
 * trips (the connection took one), and at least so many seconds.
 */
const refusalRoundTrips = 3;
const minRefusalSeconds = 0.02;

/** How long a server may take to answer a goodbye and close the connection, in seconds. */
export const farewellSeconds = 0.5;

/**
 * Says goodbye when our side has completed the handshake, and then waits until the server has accepted it.
 * Up to TLS 1.2 the server has already done so. In TLS 1.3 its next message, or its end, shows it.
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
      // The server answers and closes. If we left before that, it would see a broken connection.
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
  // The connection must not be destroyed before all our bytes have been sent.
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
