import * as packet from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { encodeQuery, idOf, type Question, readMessage } from '../../../src/net/dns/message.ts';
import { a, bareHeader, cname, echo, malformed, soa } from '../../support/dns-messages.ts';
import { type ReplyParts, reply } from '../../support/dns-server.ts';

const question: Question = { name: '2.0.0.127.dnsbl.test', type: 'A' };
const query = packet.decode(encodeQuery(4711, question));
const read = (parts: ReplyParts, asked: Question = question) =>
  readMessage(reply(query, parts), asked);
const record = { type: 'A', name: question.name, ttl: 60, data: '127.0.0.2' } as const;

describe('a query', () => {
  test.each([
    [true, '0100'],
    [false, '0000'],
  ])('asks one question of class IN, recursion desired: %s', (isRecursive, flags) => {
    const bytes = encodeQuery(0xbeef, { name: 'a.test', type: 'SOA' }, isRecursive);
    const header = `beef ${flags} 0001 0000 0000 0000`;
    const asked = '01 61 04 74657374 00 0006 0001';
    expect(bytes.toString('hex')).toBe((header + asked).replaceAll(' ', ''));
  });
});

test('the id of a message is its first two bytes, or -1 without them', () => {
  expect(idOf(Buffer.from([0xbe, 0xef, 0]))).toBe(0xbeef);
  expect(idOf(Buffer.from([0xbe]))).toBe(-1);
  expect(idOf(Buffer.alloc(0))).toBe(-1);
});

describe('a reply', () => {
  test('has its records, section by section', () => {
    const other = {
      type: 'TXT' as const,
      name: 'note.test',
      ttl: 60,
      data: ['one ', 'two'],
    } satisfies packet.Answer;
    const read = readMessage(
      reply(query, {
        answers: [cname(question.name, 'x.test'), a('x.test', '127.0.0.2')],
        authorities: [soa('dnsbl.test', 4_294_967_295)],
        additionals: [other],
      }),
      question,
    );
    expect(read).toMatchObject({
      kind: 'reply',
      rcode: 'NOERROR',
      isAuthoritative: true,
      answers: [
        { name: question.name, type: 'CNAME', timeToLive: 60, fields: ['x.test'] },
        { name: 'x.test', type: 'A', fields: ['127.0.0.2'] },
      ],
      authorities: [
        {
          type: 'SOA',
          fields: ['ns.dnsbl.test', 'hostmaster.dnsbl.test', '4294967295', ...timers],
        },
      ],
      additionals: [{ name: 'note.test', type: 'TXT', fields: ['one two'] }],
    });
  });
  const timers = ['3600', '600', '86400', '60'];

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
    expect(read({ rcode })).toMatchObject({ kind: 'reply', rcode: name, answers: [] });
  });

  test('names an rcode whose upper bits are in an OPT record', () => {
    expect(read({ answers: [record], additionals: [opt(1)] })).toMatchObject({ rcode: 'BADVERS' });
    expect(read({ rcode: 7, additionals: [opt(1)] })).toMatchObject({ rcode: 'RCODE_23' });
  });

  test('may tell that the target of an alias does not exist', () => {
    const answers = [cname(question.name, 'x.test')];
    expect(read({ rcode: 3, answers })).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  test('may spell the name in another case', () => {
    const questions = [{ ...question, name: question.name.toUpperCase() }];
    expect(read({ questions, answers: [record] })).toMatchObject({ answers: [{ type: 'A' }] });
  });

  test('may have bytes behind its last record', () => {
    const message = Buffer.concat([reply(query, { answers: [record] }), Buffer.alloc(3)]);
    expect(readMessage(message, question)).toMatchObject({ answers: [{ type: 'A' }] });
  });

  test.each([
    ['REFUSED', 5],
    ['SERVFAIL', 2],
    ['FORMERR', 1],
  ])('may leave the question out with %s', (rcode, number) => {
    const reading = readMessage(bareHeader(4711, number), question);
    expect(reading).toMatchObject({ kind: 'reply', rcode, answers: [] });
  });

  test('is truncated when its TC bit is set, whatever it holds', () => {
    const parts = { flags: packet.TRUNCATED_RESPONSE, answers: [record] };
    expect(read(parts)).toEqual({ kind: 'truncated' });
    expect(readMessage(reply(query, parts).subarray(0, -5), question)).toEqual({
      kind: 'truncated',
    });
  });

  test('is read in no time, however many records a server sends', () => {
    const answers = Array.from({ length: 4000 }, (_, index) =>
      cname(index === 0 ? question.name : `n${index}.test`, `n${index + 1}.test`),
    );
    const message = reply(query, { answers });
    const start = process.cpuUsage();
    const reading = readMessage(message, question);
    // Time of the processor, since others use it too.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(0.5);
    expect(reading.kind).toBe('reply');
  });
});

describe('a stranger', () => {
  const asks = (changes: Partial<packet.Question>) =>
    reply(query, { questions: [{ ...question, ...changes }], answers: [record] });

  test.each<[string, Buffer]>([
    ['the query itself', echo(query)],
    ['an empty success without a question', bareHeader(4711, 0)],
    ['an NXDOMAIN without a question', bareHeader(4711, 3)],
    ['an answer for another name', asks({ name: 'x.test' })],
    ['an answer for another type', asks({ type: 'TXT' })],
    ['an answer for another class', asks({ class: 'CH' })],
    ['an answer for class 0x8001', changed(asks({}), { 36: 0x80 })],
    ['an answer for the Kelvin sign', asks({ name: '2.0.0.127.dnsbl.tes\u212a' })],
    [
      'an answer for one label with dots in it',
      changed(asks({}), { 12: 9, 14: 0x2e, 16: 0x2e, 18: 0x2e }),
    ],
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

  test('asks for a name that only looks the same', () => {
    const asked: Question = { name: 'k.test', type: 'A' };
    const questions = [{ ...asked, name: '\u212a.test' }];
    expect(read({ questions }, asked)).toEqual({ kind: 'stranger' });
  });
});

describe('a malformed message', () => {
  const whole = reply(query, { answers: [record] });
  const answered = (answer: packet.Answer, parts: ReplyParts = {}) =>
    reply(query, { answers: [answer], ...parts });
  const soaWhole = answered(soa(question.name, 7));

  test.each<[string, Buffer]>([
    ['too short for a header', whole.subarray(0, 11)],
    ['without the question it announces', malformed(query)],
    ['cut off within its A record', whole.subarray(0, -2)],
    ['cut off before its A record', whole.subarray(0, -20)],
    ['without a record that it announces', changed(whole, { 7: 2 })],
    ['with a name that points to itself', changed(whole, { 12: 0xc0, 13: 12 })],
    ['with a name that points into the header', changed(whole, { 38: 0xc0, 39: 4 })],
    ['with a name that points ahead', changed(whole, { 38: 0xc0, 39: 60 })],
    ['with a label of a reserved kind', changed(whole, { 38: 0x80 })],
    ['with a name of 256 bytes', answered(a('a.'.repeat(128).slice(0, -1), '127.0.0.2'))],
    ['of another opcode', changed(whole, { 2: 0x85 | 0x20 })],
    ['with an address for a name that does not exist', answered(record, { rcode: 3 })],
    ['with an answer of another class', answered({ ...record, class: 'CH' })],
    ['with an answer of class 0x8001', answered({ ...record, flush: true })],
    ['with an authority of another class', reply(query, { authorities: [chaos] })],
    ['with two OPT records', reply(query, { additionals: [opt(0), opt(0)] })],
    ['with an OPT record for an answer', answered(opt(0))],
    ...[0, 1, 3, 5, 16, 300].map((length): [string, Buffer] => [
      `with an A record of ${length} bytes`,
      withLength(whole, 4, length, Buffer.alloc(Math.min(length, 20), 127)),
    ]),
    [
      'with a CNAME record longer than its name',
      longer(answered(cname(question.name, 'x.test')), 8),
    ],
    ['with an SOA record longer than its fields', longer(soaWhole, dataLength(soaWhole))],
    ['with an SOA record shorter than its fields', soaWhole.subarray(0, -4)],
  ])('is one %s', (_what, message) => {
    expect(readMessage(message, question)).toEqual({ kind: 'malformed' });
  });
});

const chaos = { ...record, class: 'CH' } as const;

function opt(extendedRcode: number): packet.Answer {
  return { type: 'OPT', name: '.', extendedRcode, options: [] } as unknown as packet.Answer;
}

function changed(message: Buffer, bytes: Readonly<Record<number, number>>): Buffer {
  const copy = Buffer.from(message);
  for (const [at, byte] of Object.entries(bytes)) copy[Number(at)] = byte;
  return copy;
}

/** The last record with other data; `from` is how many bytes its data has. */
function withLength(message: Buffer, from: number, length: number, data: Buffer): Buffer {
  const copy = Buffer.concat([message.subarray(0, -from), data]);
  copy.writeUInt16BE(length, message.length - from - 2);
  return copy;
}

/** The last record, whose data has `from` bytes, with one more. */
function longer(message: Buffer, from: number): Buffer {
  const data = Buffer.concat([message.subarray(-from), Buffer.alloc(1)]);
  return withLength(message, from, from + 1, data);
}

/** How many bytes of data the only record of a message has. */
function dataLength(message: Buffer): number {
  const header = encodeQuery(0, question).length + question.name.length + 2;
  return message.readUInt16BE(header + 8);
}
