import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HeadResult, readHead, requestReader } from '../../../src/replies/http/request.ts';
import { openConnection } from '../../support/connection.ts';
import { knownRequests } from '../../support/known-requests.ts';
import {
  clientOn,
  cut,
  headOf,
  lateAfter,
  line,
  longRequests,
  requests,
} from '../../support/requests.ts';

/** The verdict on bytes in pieces, the last of which ends the input. */
function judge(...pieces: readonly (string | Buffer)[]): HeadResult {
  const reader = requestReader();
  for (const piece of pieces) {
    const verdict = reader.feed(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    if (verdict) return verdict;
  }
  return reader.end();
}

/** The verdict before the input ends, if there is one. */
const early = (text: string) => requestReader().feed(Buffer.from(text, 'latin1'));
const get = { kind: 'request', method: 'GET' };
const refused = (code: number, method?: string) =>
  method === undefined ? { kind: 'refused', code } : { kind: 'refused', code, method };

describe('a request', () => {
  test.each([
    ['a head with CRLF', `${line}\r\nHost: a.example\r\n\r\n`],
    ['a head with LF', `${line}\nHost: a.example\n\n`],
    ['a head of HTTP/1.0 without fields', 'GET / HTTP/1.0\r\n\r\n'],
    ['any path', 'GET http://a.example/b?c=%20#d HTTP/1.1\r\n\r\n'],
    ['a path with bytes outside ASCII', 'GET /b\xfccher HTTP/1.1\r\n\r\n'],
    ['a field without a value', `${line}\r\nAccept:\r\n\r\n`],
    ['a field value with bytes outside ASCII and tabs', `${line}\r\na:\tb\xfcc\t\r\n\r\n`],
    ['a head behind blank lines (RFC 9112 section 2.2)', `\r\n\n\r\n${line}\r\n\r\n`],
    ['a head of 8 KiB', headOf(8192, 20)],
    ['a head of 100 lines', headOf(1000, 99)],
    ['a head, whatever follows it', `${line}\r\n\r\nno header line\0`],
  ])('is %s', (_what, text) => {
    expect(early(text)).toMatchObject(get);
  });

  test.each(['GET / ', 'HEAD /a ', 'OPTIONS * '])('may be %s', (begin) => {
    const [method] = begin.split(' ');
    expect(early(`${begin}HTTP/1.1\r\n\r\n`)).toMatchObject({ kind: 'request', method });
  });

  test('keeps its method behind a blank line', () => {
    expect(early('\r\nHEAD /metrics HTTP/1.1\r\n\r\n')).toMatchObject({
      ...{ kind: 'request', method: 'HEAD', target: '/metrics' },
    });
  });

  test.each(['\r\n', '\n', '\r\n\r\n'])('is a lone blank line, unless more follows: %j', (text) => {
    const reader = requestReader();
    expect(reader.feed(Buffer.from(text))).toBeUndefined();
    expect(reader.isBlank()).toBe(true);
    expect(reader.late()).toMatchObject(get);
    expect(judge(text)).toMatchObject(get);
    reader.feed(Buffer.from('H'));
    expect(reader.isBlank()).toBe(false);
    expect(reader.late()).toEqual(refused(408));
  });

  test.each(knownRequests)('is what %s sends', (_client, text) => {
    expect(early(text)).toMatchObject({ kind: 'request' });
  });

  test.each([
    ['nothing', ''],
    ['a request line without its line end', line],
    ['a head without its blank line', `${line}\r\nHost: a.example\r\n`],
    ['a head that ends within a field', `${line}\r\nHost: a.exa`],
    ['a blank line that ends within its CRLF', `${line}\r\n\r`],
  ])('is what the client ended with %s', (_what, text) => {
    expect(early(text)).toBeUndefined();
    expect(judge(text)).toMatchObject(get);
  });
});

describe('no request', () => {
  test.each([
    ['is what is no HTTP', 'EHLO a.example\r\n'],
    ['is TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n'],
    ['is HTTP/2', 'PRI * HTTP/2.0\r\n\r\n'],
    ['is HTTP/0.9', 'GET /\r\n'],
    ['has two spaces in its line', 'GET  / HTTP/1.1\r\n'],
    ['has a space before its line', ` ${line}\r\n`],
    ['has a path with a space', 'GET /a b HTTP/1.1\r\n'],
    ['has a line that ends within', 'GET /\r HTTP/1.1\r\n'],
  ])('%s: 400 at its first line', (_what, text) => {
    expect(early(text)).toEqual(refused(400));
  });

  test.each([
    ['TLS', '\x16'],
    ['a blank before its line', ' '],
    ['a CR alone', '\r\r'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2 x y'],
    ['SMTP', 'EHLO a.example\r'],
    ['HTTP/2', 'PRI * HTTP/2'],
    ['a PROXY header', 'PROXY TCP4 1'],
    ['a blank line and TLS', '\r\n\x16'],
  ])('begins with %s: 400 at that byte', (_what, text) => {
    expect(early(text.slice(0, -1))).toBeUndefined();
    expect(early(text)).toEqual(refused(400));
  });

  test.each([
    ['two Hosts', 'Host: a\r\nHost: a'],
    ['a Host with a path', 'Host: a/b'],
    ['a Host with a blank', 'Host: a b'],
    ['a Host with a user', 'Host: u@a'],
    ['a Host with an odd port', 'Host: a:b'],
    ['differing lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['differing lengths in one field', 'Content-Length: 5, 6'],
    ['a signed length', 'Content-Length: +5'],
    ['a hexadecimal length', 'Content-Length: 0x5'],
    ['a negative length', 'Content-Length: -5'],
    ['an empty length', 'Content-Length:'],
    ['a length and a coding', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['a coding that is not chunked', 'Transfer-Encoding: identity'],
    ['chunked before another coding', 'Transfer-Encoding: chunked, gzip'],
    ['chunked twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
    ['an odd coding', 'Transfer-Encoding: xchunked'],
    ['no coding', 'Transfer-Encoding:'],
  ])('has %s: 400 (RFC 9112 sections 3.2, 6.1 and 6.3)', (_what, fields) => {
    expect(early(`${line}\r\n${fields}\r\n\r\n`)).toEqual(refused(400, 'GET'));
    expect(early(`POST / HTTP/1.1\r\n${fields}\r\n\r\n`)).toEqual(refused(400, 'POST'));
  });

  test('has a coding in HTTP/1.0: 400', () => {
    const text = 'GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(early(text)).toEqual(refused(400, 'GET'));
  });

  test.each(['a', '*', 'a.example:80', 'http://', 'http:///a', '?a', '\\'])(
    'has the target %s: 400',
    (target) => {
      expect(early(`GET ${target} HTTP/1.1\r\n\r\n`)).toEqual(refused(400, 'GET'));
    },
  );

  test.each([
    ['Host: [2001:db8::1]:8088'],
    ['Host: a_b.example:80'],
    ['Host:'],
    ['Content-Length: 0'],
    ['Content-Length: 5\r\nContent-Length: 5'],
    ['Transfer-Encoding: gzip, chunked'],
  ])('is not what has %j', (fields) => {
    expect(early(`${line}\r\n${fields}\r\n\r\n`)).toMatchObject(get);
  });

  test.each([
    ['a field without a colon', 'no colon'],
    ['a field with a space before the colon', 'Host : a'],
    ['a folded field', ' folded'],
    ['a field without a name', ': a'],
    ['a field with NUL', 'a: b\0c'],
    ['a field with a bare CR', 'a: b\rc'],
  ])('has %s: 400, known by its method', (_what, field) => {
    expect(early(`HEAD / HTTP/1.1\r\n${field}\r\n`)).toEqual(refused(400, 'HEAD'));
  });

  test.each(['POST', 'PUT', 'DELETE', 'CONNECT', 'get', 'GETS'])('has %s: 405', (method) => {
    expect(early(`${method} / HTTP/1.1\r\n\r\n`)).toEqual(refused(405, method));
  });

  test('is over 8 KiB: 431', () => {
    expect(early(headOf(8193, 20))).toEqual(refused(431, 'GET'));
    expect(early('x'.repeat(8192))).toEqual(refused(431));
  });

  test('is not over 8 KiB before its last byte is there', () => {
    const head = Buffer.from(headOf(8192, 20));
    expect(judge(head.subarray(0, -1), head.subarray(-1))).toMatchObject(get);
    expect(early('x'.repeat(8191))).toBeUndefined();
  });

  test('is over 100 lines: 431', () => {
    expect(early(headOf(1000, 100))).toEqual(refused(431, 'GET'));
  });

  test('does not come in time: 408, known by its method when that came', () => {
    const reader = requestReader();
    reader.feed(Buffer.from('HEAD / HTT'));
    expect(reader.late()).toEqual(refused(408));
    reader.feed(Buffer.from('P/1.1\r\n'));
    expect(reader.late()).toEqual(refused(408, 'HEAD'));
  });
});

describe('a reader', () => {
  const anyRequest = fc.oneof(requests, longRequests);
  const places = fc.array(fc.nat(9000), { maxLength: 20 });

  test('comes to the same verdict however the bytes are cut', () => {
    fc.assert(
      fc.property(anyRequest, places, (bytes, places) => {
        expect(judge(...cut(bytes, places))).toEqual(judge(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test('comes to the same verdict byte by byte', () => {
    fc.assert(
      fc.property(requests, (bytes) => {
        const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
        expect(judge(...pieces)).toEqual(judge(bytes));
      }),
    );
  });

  test('needs no more than 8 KiB for its verdict, and looks at no more', () => {
    const pattern = fc.oneof(
      requests.filter(({ length }) => length > 0),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
    );
    fc.assert(
      fc.property(pattern, places, fc.uint8Array(), (pattern, places, more) => {
        const full = Buffer.alloc(8192, pattern);
        const reader = requestReader();
        const verdicts = cut(full, places).map((piece) => reader.feed(piece));
        const verdict = verdicts.find((verdict) => verdict !== undefined);
        expect(verdict).toBeDefined();
        expect(judge(Buffer.concat([full, more]))).toEqual(verdict);
      }),
    );
  });

  test('never throws, whatever the bytes, and always knows an answer', () => {
    const verdict = expect.objectContaining({ kind: expect.stringMatching(/^(request|refused)$/) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(judge(Buffer.from(bytes))).toEqual(verdict);
        const reader = requestReader();
        reader.feed(Buffer.from(bytes));
        expect(reader.late()).toEqual(verdict);
      }),
    );
  });
});

describe('an input', () => {
  test('is read to the blank line, and left to the next who receives', async () => {
    const { client, ours } = await openConnection();
    const input = clientOn(ours);
    const verdict = readHead(input, lateAfter(10));
    client.write('GET / HT');
    client.write('TP/1.1\r\n\r\nmore');
    expect(await verdict).toMatchObject(get);
    client.end('and more');
    const rest: Buffer[] = [];
    await new Promise<void>((onEnd) => {
      input.receive({ onEnd, onBytes: (bytes) => rest.push(bytes) });
    });
    expect(Buffer.concat(rest).toString()).toMatch(/and more$/);
  });

  test('goes on where what has arrived stops', async () => {
    const { client, ours: input } = await openConnection();
    client.write('AD / HTTP/1.1\r\n\r\n');
    const verdict = readHead(clientOn(input, 'HE'), lateAfter(10));
    expect(await verdict).toMatchObject({ kind: 'request', method: 'HEAD' });
  });

  test('may end before the blank line', async () => {
    const { client, ours: input } = await openConnection();
    client.end(`HEAD / HTTP/1.1\r\n`);
    expect(await readHead(clientOn(input), lateAfter(10))).toMatchObject({
      kind: 'request',
      method: 'HEAD',
    });
  });

  test('may be reset', async () => {
    const { client, ours: input } = await openConnection();
    const verdict = readHead(clientOn(input), lateAfter(10));
    client.resetAndDestroy();
    expect(await verdict).toMatchObject(get);
  });

  test('may fail', async () => {
    const input = new PassThrough();
    const verdict = readHead(clientOn(input), lateAfter(10));
    input.destroy(new Error('EIO'));
    expect(await verdict).toMatchObject(get);
  });

  test.each(['', 'GET / HTTP/1.1\r\n\r\n'])(
    'of a blank line is a request after a moment of silence, unless %j follows',
    async (rest) => {
      const { client, ours: input } = await openConnection();
      const verdict = readHead(clientOn(input), lateAfter(10));
      client.write('\r\n');
      if (rest !== '') setTimeout(() => client.write(rest.replace('GET', 'HEAD')), 50);
      const start = performance.now();
      expect(await verdict).toMatchObject({ ...get, method: rest === '' ? 'GET' : 'HEAD' });
      expect(performance.now() - start).toBeLessThan(3000);
    },
  );

  test('may have ended by now', async () => {
    const stream = new PassThrough();
    const input = clientOn(stream, 'HEAD / HTTP/1.1\r\n');
    stream.end();
    await new Promise((end) => stream.on('end', end));
    expect(await readHead(input, lateAfter(10))).toMatchObject({
      ...{ kind: 'request', method: 'HEAD' },
    });
  });

  test('that stays silent is 408 at the deadline', async () => {
    const { ours: input } = await openConnection();
    expect(await readHead(clientOn(input), lateAfter(0.1))).toEqual(refused(408));
  });
});
