import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { recordFollower, recordType } from './records.ts';

/** What a server has sent, read from its records before the TLS library gets them. */
export interface Received {
  readonly bytes: number;
  /** The first bytes, 64 at most. */
  readonly first: Buffer;
  /** The description of the first alert that came unencrypted (RFC 8446 section 6). */
  readonly alert: number | undefined;
  /** The handshake messages that came unencrypted, 100 KiB at most. */
  readonly handshake: Buffer;
  /**
   * True when something other than an alert followed our Finished in TLS 1.3, such as a session ticket:
   * the server has accepted the handshake.
   */
  readonly isAccepted: boolean;
}

/** A connection that remembers what it received. */
export interface TappedConnection {
  /** What to speak TLS over. */
  readonly stream: Duplex;
  readonly received: () => Received;
  /** Calls back once, when `isAccepted` has become true. */
  readonly onAccepted: (callback: () => void) => void;
}

/** Listens in on a connected socket. */
export function tap(socket: Socket): TappedConnection {
  let bytes = 0;
  let first = Buffer.alloc(0);
  const reader = recordReader();
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      reader.sent(chunk);
      // Our Finished and our close_notify are sent together. If the server ended the connection between
      // the two, the second write would fail, and Bun would drop what the server had sent before.
      socket.cork();
      setImmediate(() => socket.uncork());
      socket.write(chunk);
      done();
    },
    final: (done) => {
      socket.end(done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (first.length < 64) first = Buffer.concat([first, chunk.subarray(0, 64 - first.length)]);
    reader.received(chunk);
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  // After an orderly end there may still be bytes that nobody has read.
  socket.on('close', () => socket.readableEnded || stream.destroy());
  if (socket.destroyed) stream.destroy();
  return {
    stream,
    received: () => ({ bytes, first, ...reader.state() }),
    onAccepted: reader.onAccepted,
  };
}

/** The largest certificate chain that is gathered; OpenSSL takes 100 KiB. */
const maxHandshakeBytes = 102_400;

/** The length of an encrypted alert: 2 bytes, its type, and a tag of at most 16 bytes. */
const maxEncryptedAlert = 19;

/** Follows the records of both directions. */
function recordReader() {
  let isAlert = false;
  let isEncrypted = false;
  let isFinishedSent = false;
  let isAccepted = false;
  let accepted = () => {};
  const alert: number[] = [];
  const handshake: Buffer[] = [];
  let handshakeBytes = 0;

  const noteAcceptance = () => {
    if (!isAccepted) accepted();
    isAccepted = true;
  };
  const received = recordFollower({
    begin(type, length) {
      isAlert = type === recordType.alert;
      if (type === recordType.changeCipherSpec) isEncrypted = true;
      const isTicketOrData = type === recordType.data && length > maxEncryptedAlert;
      if (isTicketOrData && isFinishedSent) noteAcceptance();
      // A longer alert is encrypted, and the first one counts.
      if (isAlert) return length === 2 && alert.length < 2;
      return (
        type === recordType.handshake &&
        !isEncrypted &&
        handshakeBytes + length <= maxHandshakeBytes
      );
    },
    body(part) {
      if (isAlert) {
        alert.push(...part);
      } else {
        handshakeBytes += part.length;
        handshake.push(part);
      }
    },
  });
  const sent = recordFollower({
    // The first encrypted record of a client in TLS 1.3 ends its handshake.
    begin(type) {
      if (type === recordType.data) isFinishedSent = true;
      return false;
    },
  });
  return {
    ...{ received, sent },
    state: () => ({ alert: alert[1], isAccepted, handshake: Buffer.concat(handshake) }),
    onAccepted: (callback: () => void) => {
      accepted = callback;
    },
  };
}
