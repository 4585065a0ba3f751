import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';

/** Says something once the client has said its ClientHello. */
export function saying(...parts: readonly (string | Buffer)[]) {
  return (socket: Socket) => {
    socket.once('data', () => {
      for (const part of parts) socket.write(part);
    });
  };
}

/** Says bytes that `more` makes for as long as the client takes them. */
export function endlessly(more: () => Buffer) {
  return (socket: Socket) => {
    const pour = () => {
      while (!socket.destroyed && socket.write(more()));
    };
    socket.on('drain', pour);
    pour();
  };
}

export const noise = () => randomBytes(65536);

/** One TLS record: type, version 3.3, length, body (RFC 8446 section 5.1). */
export function record(type: number, body: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([Buffer.from([type, 3, 3]), length, body]);
}

export const fatalAlert = Buffer.from('15030100020228', 'hex');
export const warningAlert = Buffer.from('1503030002015a', 'hex');
export const closeNotify = Buffer.from('15030300020100', 'hex');
export const halfServerHello = Buffer.concat([
  Buffer.from('160303007a020000760303', 'hex'),
  noise().subarray(0, 40),
]);
/** A ServerHello that chooses SSL 3.0, which no library of ours has. */
export const ssl3 = Buffer.concat([
  Buffer.from('160300002a020000260300', 'hex'),
  Buffer.alloc(32, 7),
  Buffer.from('00000a00', 'hex'),
]);
/** A HelloRequest, which a client in its handshake passes over (RFC 5246 section 7.4.1.1). */
export const helloRequests = Buffer.alloc(9 * 4096, record(0x16, Buffer.alloc(4)));
export const emptyRecords = Buffer.alloc(5 * 4096, record(0x16, Buffer.alloc(0)));

/** Says one byte at once, and one more each second. */
export function dripping(bytes: Buffer) {
  return (socket: Socket) => {
    let next = 0;
    const drip = () => socket.write(bytes.subarray(next, ++next));
    drip();
    const timer = setInterval(drip, 1000);
    socket.on('close', () => clearInterval(timer));
  };
}
