import { X509Certificate } from 'node:crypto';

const certificateMessage = 11;

/**
 * The certificates in unencrypted handshake messages, which TLS has up to version 1.2 (RFC 5246 section
 * 7.4.2); the server's own comes first. Reading stops at the first that is malformed or cut off.
 */
export function plainCertificates(messages: Buffer): readonly X509Certificate[] {
  const body = splitMessages(messages).find(({ type }) => type === certificateMessage)?.body;
  if (body === undefined) return [];
  const found: X509Certificate[] = [];
  let next = lengthBytes;
  while (next + lengthBytes <= body.length) {
    const end = next + lengthBytes + body.readUIntBE(next, lengthBytes);
    try {
      found.push(new X509Certificate(body.subarray(next + lengthBytes, end)));
    } catch {
      return found;
    }
    next = end;
  }
  return found;
}

const lengthBytes = 3;

/** One type and length before each message (RFC 5246 section 7.4). */
function splitMessages(bytes: Buffer): readonly { type: number; body: Buffer }[] {
  const messages: { type: number; body: Buffer }[] = [];
  let next = 0;
  while (next + 1 + lengthBytes <= bytes.length) {
    const start = next + 1 + lengthBytes;
    const end = start + bytes.readUIntBE(next + 1, lengthBytes);
    messages.push({ type: bytes[next] ?? 0, body: bytes.subarray(start, end) });
    next = end;
  }
  return messages;
}
