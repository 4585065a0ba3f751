import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** What a server has sent, read from its records (RFC 8446 section 5.1) before TLS is made of them. */
export interface Received {
  readonly bytes: number;
  /** The first bytes, 64 at most. */
  readonly first: Buffer;
  /** The description of the first alert that came unencrypted (RFC 8446 section 6). */
  readonly alert: number | undefined;
}

/** A connection that remembers what came over it. */
export interface TappedConnection {
  /** What to speak TLS over. */
  readonly stream: Duplex;
  readonly received: () => Received;
}

const headerLength = 5;
const alertType = 0x15;

/** Listens in on a connected socket. */
export function tap(socket: Socket): TappedConnection {
  let bytes = 0;
  let first = Buffer.alloc(0);
  const alerts = alertReader();
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk, _encoding, done) => socket.write(chunk, done),
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
    alerts.feed(chunk);
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => stream.push(null));
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => stream.destroy());
  return { stream, received: () => ({ bytes, first, alert: alerts.description() }) };
}

/** Follows the headers of records, whatever portions they come in. */
function alertReader() {
  let header: number[] = [];
  let body: number[] = [];
  let skip = 0;
  let description: number | undefined;

  const take = (byte: number) => {
    if (header.length < headerLength) {
      header.push(byte);
      if (header.length === headerLength) skip = ((header[3] ?? 0) << 8) | (header[4] ?? 0);
    } else {
      skip -= 1;
      if (header[0] === alertType && body.length < 2) body.push(byte);
    }
    if (header.length === headerLength && skip === 0) {
      // A longer one is encrypted.
      const isPlain = header[0] === alertType && header[3] === 0 && header[4] === 2;
      if (isPlain) description ??= body[1];
      header = [];
      body = [];
    }
  };
  return {
    feed(chunk: Buffer) {
      for (const byte of chunk) take(byte);
    },
    description: () => description,
  };
}
