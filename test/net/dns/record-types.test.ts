import * as packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeQuery, readMessage } from '../../../src/net/dns/message.ts';
import { encodeName } from '../../../src/net/dns/name.ts';
import { readerOf } from '../../../src/net/dns/reader.ts';
import { type RecordType, recordTypes, shortened } from '../../../src/net/dns/record-types.ts';
import { reply } from '../../support/dns-server.ts';

const name = 'x.test';

/** The fields of a record as another program's writer encodes it. */
function fieldsOf(type: RecordType, data: unknown): readonly string[] | undefined {
  const question = { name, type };
  const query = packet.decode(encodeQuery(1, question));
  const answer = { type, name, ttl: 1, data } as packet.Answer;
  const reading = readMessage(reply(query, { answers: [answer] }), question);
  return reading.kind === 'reply' ? reading.answers[0]?.fields : undefined;
}

describe('a record', () => {
  test.each<[RecordType, unknown, string[]]>([
    ['A', '192.0.2.1', ['192.0.2.1']],
    ['AAAA', '2001:db8::1:0:0:1', ['2001:db8::1:0:0:1']],
    ['NS', 'ns.test', ['ns.test']],
    ['CNAME', 'c.test', ['c.test']],
    ['DNAME', 'd.test', ['d.test']],
    ['PTR', 'p.test', ['p.test']],
    ['MX', { preference: 10, exchange: 'm.test' }, ['10', 'm.test']],
    ['SRV', { priority: 1, weight: 2, port: 3, target: 's.test' }, ['1', '2', '3', 's.test']],
    ['TXT', ['a', 'b c'], ['ab c']],
    ['TXT', 'grüße', ['grüße']],
    ['CAA', { flags: 128, tag: 'issue', value: 'ca.test' }, ['128', 'issue', 'ca.test']],
    [
      'DS',
      { keyTag: 7, algorithm: 8, digestType: 2, digest: Buffer.from('ab') },
      ['7', '8', '2', '6162'],
    ],
    ['SSHFP', { algorithm: 4, hash: 2, fingerprint: 'ab'.repeat(32) }, ['4', '2', 'AB'.repeat(32)]],
    [
      'TLSA',
      { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('a') },
      ['3', '1', '1', '61'],
    ],
    [
      'NAPTR',
      { order: 1, preference: 2, flags: 'u', services: 's', regexp: '!a!', replacement: 'n.test' },
      ['1', '2', 'u', 's', '!a!', 'n.test'],
    ],
  ])('of type %s with %j has its fields', (type, data, fields) => {
    expect(fieldsOf(type, data)).toEqual(fields);
  });

  test('has a type that the help can name', () => {
    expect(recordTypes).toEqual(
      expect.arrayContaining(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT']),
    );
  });
});

test.each([
  [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
  [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
  [[1, 0, 0, 0, 0, 0, 0, 0], '1::'],
  [[0x2001, 0xdb8, 0, 1, 0, 0, 0, 1], '2001:db8:0:1::1'],
  [[1, 0, 0, 2, 3, 0, 0, 4], '1::2:3:0:0:4'],
  [[1, 0, 2, 0, 3, 0, 4, 0], '1:0:2:0:3:0:4:0'],
  [[0x10, 0, 0, 0x100, 1, 1, 1, 1], '10::100:1:1:1:1'],
])('the IPv6 address %j is %s', (groups, text) => {
  expect(shortened(groups)).toBe(text);
  expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
});

test('a name of any bytes has one text, and is encoded from it again', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
      const wire = Buffer.concat([
        ...labels.flatMap((bytes) => [Buffer.from([bytes.length]), bytes]),
        Buffer.alloc(1),
      ]);
      const text = readerOf(Buffer.concat([Buffer.alloc(12), wire]), 12).name();
      expect(text).toMatch(/^[!-~]+$/);
      expect(encodeName(text).equals(wire)).toBe(true);
    }),
  );
});
