import { describe, expect, test } from 'vitest';
import type { RecordType } from '../../../src/net/dns/record-types.ts';
import { canonicalRecord, canonicalValue, textOf } from '../../../src/net/dns/record-value.ts';

describe('an expected value', () => {
  test.each<[RecordType, string, string]>([
    ['A', '192.0.2.1', '192.0.2.1'],
    ['AAAA', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['AAAA', '::ffff:192.0.2.1', '::ffff:c000:201'],
    ['AAAA', '::', '::'],
    ['CNAME', 'WWW.example.org.', 'www.example.org'],
    ['NS', '.', '.'],
    ['MX', '10 MAIL.example.org.', '10 mail.example.org'],
    ['MX', ' 010   mail.example.org ', '10 mail.example.org'],
    ['SRV', '0 5 443 a.example.', '0 5 443 a.example'],
    ['TXT', 'v=spf1  -all', 'v=spf1  -all'],
    ['TXT', '"v=spf1 " "-all"', 'v=spf1 -all'],
    ['TXT', '"a \\"b\\""', 'a "b"'],
    ['CAA', '0 issue "ca.example; a=b"', '0 issue ca.example; a=b'],
    ['DS', '1 8 2 ab CD', '1 8 2 ABCD'],
    ['SOA', 'ns.x. m.x. 1 2 3 4 5', 'ns.x m.x 1 2 3 4 5'],
  ])('of type %s: %s is %s', (type, text, canonical) => {
    expect(canonicalValue(type, text)).toBe(canonical);
  });

  test.each<[RecordType, string]>([
    ['A', ''],
    ['A', '::1'],
    ['A', '192.0.2.1 192.0.2.2'],
    ['A', '192.0.2.0/24'],
    ['AAAA', '192.0.2.1'],
    ['AAAA', 'fe80::1%eth0'],
    ['CNAME', 'a b'],
    ['MX', 'mail.example.org'],
    ['MX', '65536 mail.example.org'],
    ['SRV', '0 5 a.example'],
    ['DS', '1 8 2 xyz'],
    ['SOA', '1'],
  ])('of type %s is not %j', (type, text) => {
    expect(canonicalValue(type, text)).toBeUndefined();
  });
});

test('a record is compared without regard to the case of its names, and shown as it came', () => {
  const record = { name: 'x', type: 'MX', class: 1, timeToLive: 1, fields: ['10', 'Mail.X'] };
  expect(canonicalRecord('MX', record)).toBe('10 mail.x');
  expect(textOf(record)).toBe('10 Mail.X');
  const text = { ...record, type: 'TXT', fields: ['Case'] };
  expect(canonicalRecord('TXT', text)).toBe('Case');
});
