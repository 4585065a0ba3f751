import * as packet from 'dns-packet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askFollowing } from '../../../src/net/dns/alias.ts';
import { encodeQuery, type Question, readMessage } from '../../../src/net/dns/message.ts';
import { a, cname, soa } from '../../support/dns-messages.ts';
import { type ReplyParts, reply } from '../../support/dns-server.ts';
import { provesListing } from '../../support/strict-dns.ts';

const question: Question = { name: '2.0.0.127.k.test', type: 'A' };
const encoded = encodeQuery(4711, question);
const query = packet.decode(encoded);
const wire = encoded.subarray(12);
const listed = a(question.name, '127.0.0.2');

/** The records of another name as a server sends them, with a pointer to the question's name. */
function compressed(message: Buffer): Buffer {
  const name = wire.subarray(0, -4);
  const at = message.indexOf(name, 12 + wire.length);
  if (at < 0) return message;
  return Buffer.concat([
    message.subarray(0, at),
    Buffer.from([0xc0, 12]),
    message.subarray(at + name.length),
  ]);
}

const replies: readonly ReplyParts[] = [
  { answers: [listed] },
  { answers: [listed, a(question.name, '127.0.0.4')], authorities: [soa('k.test', 7)] },
  { answers: [cname(question.name, 'x.test'), a('x.test', '127.0.0.2')] },
  { answers: [a(question.name, '192.0.2.1')] },
  { rcode: 3, authorities: [soa('k.test', 7)] },
  {
    answers: [listed],
    additionals: [{ type: 'OPT', name: '.', options: [] } as unknown as packet.Answer],
  },
  {
    answers: [listed],
    authorities: [{ type: 'NS', name: 'k.test', ttl: 5, data: 'ns.k.test' }],
    additionals: [{ type: 'AAAA', name: 'ns.k.test', ttl: 5, data: '2001:db8::1' }],
  },
];
const messages = replies
  .map((parts) => reply(query, parts))
  .flatMap((message) => [message, compressed(message)]);

/** Bytes that mean something in a message. */
const special = [0, 1, 2, 3, 4, 5, 6, 16, 41, 127, 0x80, 0xc0];

/** A small generator of numbers (mulberry32), since fast-check's are too slow for so many bytes. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A reply with one to three of its bytes changed, put in or taken out, or with its end cut off. */
function mutant(pick: (below: number) => number): Buffer {
  let message = Buffer.from(messages[pick(messages.length)] ?? '');
  for (let steps = pick(3); steps >= 0; steps -= 1) {
    const at = pick(message.length + 1);
    const byte = pick(2) === 0 ? pick(256) : (special[pick(special.length)] ?? 0);
    const [before, behind] = [message.subarray(0, at), message.subarray(at)];
    const kind = pick(8);
    if (kind < 5) message[at] = byte;
    else if (kind === 5) message = Buffer.concat([before, Buffer.from([byte]), behind]);
    else if (kind === 6) message = Buffer.concat([before, behind.subarray(1)]);
    else message = before;
  }
  return message;
}

/** Whether the probe would take a message for a listing; the rest of its judgement is about values. */
async function isTakenForListing(message: Buffer): Promise<boolean> {
  const reading = readMessage(message, question);
  if (reading.kind !== 'reply' || reading.rcode !== 'NOERROR') return false;
  const { records } = await askFollowing(
    async ({ name }) => (name === question.name ? reading : { kind: 'closed' }),
    question,
  );
  return records.length > 0 && records.every(({ fields }) => fields[0]?.startsWith('127.'));
}

test('the replies are listings, or not, to both readers', async () => {
  const taken = await Promise.all(messages.map(isTakenForListing));
  expect(taken).toEqual(messages.map((message) => provesListing(message, wire)));
  expect(taken.filter(Boolean)).toHaveLength(10);
});

test('no changed reply is taken for a listing that does not prove one', async () => {
  let [count, listings] = [0, 0];
  const checkMutants = async (seed: number) => {
    const pick = numbersFrom(seed);
    for (let index = 0; index < 1000; index += 1) {
      const message = mutant(pick);
      count += 1;
      if (!(await isTakenForListing(message))) continue;
      listings += 1;
      if (!provesListing(message, wire)) throw new Error(message.toString('hex'));
    }
  };
  await fc.assert(fc.asyncProperty(fc.integer(), checkMutants), {
    ...{ numRuns: 200, endOnFailure: true },
    // On a machine under load it is fewer than 200,000.
    ...{ interruptAfterTimeLimit: 8000, markInterruptAsFailure: false },
  });
  expect(count).toBeGreaterThanOrEqual(1000);
  expect(listings).toBeGreaterThan(count / 100);
});

test('a pointer into a label, which then reaches over the pointer, is malformed', () => {
  // Found by the test above. The second record alone would be a listing.
  const message = Buffer.from(
    `12678400000100020001000001320130013003313237016b04746573740000010001
     c015000100010000003c00047f000002
     01320130013003313237016b047465737400000100010000003c00047f000004
     016b04fa65737400000600010000003c0032026e73016b0474657374000a686f7374d96173746572016b04746573
     7400000000070000 0e1000000258000151800000003c`.replace(/\s/g, ''),
    'hex',
  );
  expect(provesListing(message, wire)).toBe(false);
  expect(readMessage(message, question)).toEqual({ kind: 'malformed' });
});

test('no bytes make the reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      readMessage(Buffer.from(bytes), question);
    }),
    { numRuns: 2000 },
  );
});
