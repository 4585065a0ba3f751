import type { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { OnLate } from '../../src/replies/reply.ts';
import type { Input } from '../../src/system/sockets/inbox.ts';
import { inboxOf } from '../../src/system/sockets/stream-node.ts';

/** What a client sends: `arrived`, and then the stream. */
export function clientOn(stream: Readable, arrived = ''): Input {
  const inbox = inboxOf(stream);
  if (arrived !== '') inbox.putBack(Buffer.from(arrived));
  return inbox;
}

/** Makes a request late after so many seconds. */
export const lateAfter =
  (seconds: number): OnLate =>
  (act) =>
    void setTimeout(act, seconds * 1000).unref();

/** The input of a client from which nothing may be read. */
export const unread: Input = {
  receive: () => expect.unreachable('the input was opened'),
  putBack: () => expect.unreachable('the input was opened'),
};

export const line = 'GET / HTTP/1.1';

/** A head of so many bytes with its blank line, and of so many field lines. */
export function headOf(bytes: number, fields: number): string {
  const short = 'a:\r\n'.repeat(fields - 1);
  const rest = bytes - line.length - 2 - short.length - 'long:\r\n\r\n'.length;
  return `${line}\r\n${short}long:${'x'.repeat(rest)}\r\n\r\n`;
}

const lines = fc.oneof(
  fc.constantFrom(
    ...[line, 'HEAD /a?b HTTP/1.0', 'POST / HTTP/1.1', 'OPTIONS * HTTP/1.1', 'GET / HTTP/2.0'],
    ...['Host: a.example', 'Accept: */*', ' folded', 'no colon', 'a: b\r', '', '', '\r'],
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
);

/** Bytes that look like a request in most places, right or wrong. */
export const requests: fc.Arbitrary<Buffer> = fc
  .array(fc.tuple(lines, fc.constantFrom('\r\n', '\r\n', '\n', '\r', '')), { maxLength: 12 })
  .map((parts) => Buffer.from(parts.flat().join(''), 'latin1'));

/** Long heads, over and under each limit. */
export const longRequests: fc.Arbitrary<Buffer> = fc
  .tuple(fc.integer({ min: 1, max: 103 }), fc.integer({ min: 0, max: 90 }), fc.boolean())
  .map(([fields, width, isWhole]) => {
    const field = `a:${'x'.repeat(width)}\r\n`;
    return Buffer.from(`${line}\r\n${field.repeat(fields)}${isWhole ? '\r\n' : ''}`);
  });

/** The same bytes in pieces, cut at any places. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
