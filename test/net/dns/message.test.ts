import * as packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeQuery, idOf, type Question, readMessage } from '../../../src/net/dns/message.ts';
import { a, bareHeader, cname, echo, malformed, soa } from '../../support/dns-messages.ts';
import { type ReplyParts, reply } from '../../support/dns-server.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const query = packet.decode(encodeQuery(4711, question));
const read = (parts: ReplyParts, asked: Question = question) =>
  readMessage(reply(query, parts), asked);

test('a query asks one question of class IN, recursion desired', () => {
  const bytes = encodeQuery(0xbeef, { name: 'a.test', type: 'SOA' });
  const header = 'beef 0100 0001 0000 0000 0000';
  const asked = '01 61 04 74657374 00 0006 0001';
  expect(bytes.toString('hex')).toBe((header + asked).replaceAll(' ', ''));
});

test('the id of a message is its first two bytes, or -1 without them', () => {
  expect(idOf(Buffer.from([0xbe, 0xef, 0]))).toBe(0xbeef);
  expect(idOf(Buffer.from([0xbe]))).toBe(-1);
  expect(idOf(Buffer.alloc(0))).toBe(-1);
});

describe('a reply', () => {
  test('has its A records', () => {
    const answers = [a(question.name, '127.0.0.2'), a(question.name, '127.0.0.4')];
    expect(read({ answers })).toEqual({
      kind: 'reply',
      rcode: 'NOERROR',
      addresses: ['127.0.0.2', '127.0.0.4'],
    });
  });

  test('has the A records at the end of a CNAME chain, and no others', () => {
    const answers = [
      cname(question.name, 'one.test'),
      cname('ONE.test', 'two.test'),
      a('two.test', '127.0.0.2'),
      a('stray.test', '192.0.2.1'),
    ];
    expect(read({ answers })).toMatchObject({ addresses: ['127.0.0.2'] });
    expect(read({ answers: answers.reverse() })).toMatchObject({ addresses: ['127.0.0.2'] });
  });

  test('has no A record when its CNAME chain is a loop', () => {
    const answers = [cname(question.name, 'one.test'), cname('one.test', question.name)];
    expect(read({ answers })).toMatchObject({ addresses: [] });
  });

  test('is read in no time, however many CNAME records a server sends', () => {
    const answers = Array.from({ length: 4000 }, (_, index) =>
      cname(index === 0 ? question.name : `n${index}.test`, `n${index + 1}.test`),
    );
    const start = process.hrtime.bigint();
    expect(read({ answers })).toMatchObject({ addresses: [] });
    // Every record compared with every other took seconds.
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(0.5);
  });

  test('has no A record of another class', () => {
    const answers = [{ ...a(question.name, '127.0.0.2'), class: 'CH' as const }];
    expect(read({ answers })).toMatchObject({ addresses: [] });
  });

  test('has no A record of another name, or of another section', () => {
    const record = a(question.name, '127.0.0.2');
    const stray = a('stray.test', '127.0.0.2');
    expect(read({ answers: [stray], authorities: [record], additionals: [record] })).toMatchObject({
      addresses: [],
    });
  });

  test.each([
    [0, 'NOERROR'],
    [1, 'FORMERR'],
    [2, 'SERVFAIL'],
    [3, 'NXDOMAIN'],
    [4, 'NOTIMP'],
    [5, 'REFUSED'],
    [9, 'NOTAUTH'],
    [11, 'RCODE_11'],
  ])('names rcode %i %s', (rcode, name) => {
    expect(read({ rcode })).toEqual({ kind: 'reply', rcode: name, addresses: [] });
  });

  test('has the serial of the SOA record of the question, up to its 32 bits', () => {
    const asked: Question = { name: 'dnsbl.test', type: 'SOA' };
    const answers = [soa('other.test', 1), soa('DNSBL.test', 4_294_967_295)];
    expect(read({ questions: [asked], answers }, asked)).toEqual({
      kind: 'reply',
      rcode: 'NOERROR',
      addresses: [],
      serial: 4_294_967_295,
    });
  });

  test('may spell the name in another case', () => {
    const questions = [{ ...question, name: question.name.toUpperCase() }];
    const answers = [a(question.name.toUpperCase(), '127.0.0.2')];
    expect(read({ questions, answers })).toMatchObject({ addresses: ['127.0.0.2'] });
  });

  test.each([
    ['REFUSED', 5],
    ['SERVFAIL', 2],
    ['FORMERR', 1],
  ])('may leave the question out with %s', (name, rcode) => {
    expect(readMessage(bareHeader(4711, rcode), question)).toEqual({
      kind: 'reply',
      rcode: name,
      addresses: [],
    });
  });

  test('is truncated when it says so, whatever it holds', () => {
    const parts = { flags: packet.TRUNCATED_RESPONSE, answers: [a(question.name, '127.0.0.2')] };
    expect(read(parts)).toEqual({ kind: 'truncated' });
  });
});

describe('a stranger', () => {
  test.each<[string, Buffer]>([
    ['the query itself', echo(query)],
    ['an empty success without a question', bareHeader(4711, 0)],
    ['an NXDOMAIN without a question', bareHeader(4711, 3)],
    ['an answer for another name', reply(query, { questions: [{ ...question, name: 'x.test' }] })],
    ['an answer for another type', reply(query, { questions: [{ ...question, type: 'TXT' }] })],
    ['an answer for another class', reply(query, { questions: [{ ...question, class: 'CH' }] })],
    ['an answer for two questions', reply(query, { questions: [question, question] })],
    [
      'a truncated answer for another name',
      reply(query, {
        flags: packet.TRUNCATED_RESPONSE,
        questions: [{ ...question, name: 'x.test' }],
      }),
    ],
  ])('is %s', (_what, message) => {
    expect(readMessage(message, question)).toEqual({ kind: 'stranger' });
  });
});

describe('a malformed message', () => {
  const whole = reply(query, { answers: [a(question.name, '127.0.0.2')] });

  test.each<[string, Buffer]>([
    ['one that is too short for a header', whole.subarray(0, 11)],
    ['one without the question it announces', malformed(query)],
    ['one that ends within its A record', whole.subarray(0, -2)],
    ['one that ends before its A record', whole.subarray(0, -20)],
    ['one with an A record of two bytes', withLengthOfAddress(whole, 2)],
    ['one whose name points to itself', pointingToItself(whole)],
  ])('is %s', (_what, message) => {
    expect(readMessage(message, question)).toEqual({ kind: 'malformed' });
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        readMessage(Buffer.from(bytes), question);
      }),
    );
  });

  test('never throws, whichever bytes of a reply are changed', () => {
    const changes = fc.array(
      fc.tuple(fc.nat(whole.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 5, 6, 0xc0))),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(changes, fc.nat(whole.length), (bytes, length) => {
        const message = Buffer.from(whole);
        for (const [at, byte] of bytes) message[at] = byte;
        readMessage(message.subarray(0, length), question);
        readMessage(message, question);
      }),
      { numRuns: 2000 },
    );
  });
});

/** The record is the last, and its four bytes follow their length. */
function withLengthOfAddress(message: Buffer, length: number): Buffer {
  const changed = Buffer.concat([message.subarray(0, -4), Buffer.alloc(length, 127)]);
  changed.writeUInt16BE(length, message.length - 6);
  return changed;
}

function pointingToItself(message: Buffer): Buffer {
  const changed = Buffer.from(message);
  changed.writeUInt16BE(0xc000 | 12, 12);
  return changed;
}
