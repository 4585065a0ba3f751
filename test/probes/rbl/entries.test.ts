import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  entryName,
  isEntry,
  type ListType,
  listTypes,
  standardEntries,
} from '../../../src/probes/rbl/entries.ts';

/** The digits of `::ffff:7f00:X`. */
const v4mapped = (last: string) => `${last}.0.0.0.0.0.f.7.f.f.f.f.${'0.'.repeat(20)}`.slice(0, -1);

describe('the name of an entry', () => {
  test.each<[ListType, string, string]>([
    ['ip4', '127.0.0.2', '2.0.0.127'],
    ['ip4', '192.0.2.99', '99.2.0.192'],
    ['ip6', '::ffff:7f00:2', v4mapped('2')],
    ['ip6', '::FFFF:127.0.0.2', v4mapped('2').toUpperCase()],
    [
      'ip6',
      '2001:db8:1:2:3:4:567:89ab',
      'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2',
    ],
    ['ip6', '2001:db8::', `${'0.'.repeat(24)}8.b.d.0.1.0.0.2`],
    ['ip6', '::', `${'0.'.repeat(31)}0`],
    ['ip6', '::1', `1${'.0'.repeat(31)}`],
    ['name', 'TEST', 'TEST'],
    ['name', 'listed.example', 'listed.example'],
  ])('of type %s for %s is %s', (type, entry, name) => {
    expect(entryName(type, entry).toLowerCase()).toBe(name.toLowerCase());
  });

  test('has every digit of an IPv6 address, in reverse', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        // The URL parser is another reader of the same text.
        const host = new URL(`http://[${address}]/`).hostname.slice(1, -1);
        expect(entryName('ip6', address).toLowerCase()).toBe(entryName('ip6', host));
        expect(entryName('ip6', address)).toMatch(/^[0-9a-f](\.[0-9a-f]){31}$/i);
      }),
    );
  });
});

describe('an entry', () => {
  test.each(listTypes)('of RFC 5782 is one of type %s', (type) => {
    expect(isEntry(type, standardEntries[type].test)).toBe(true);
    expect(isEntry(type, standardEntries[type].control)).toBe(true);
  });

  test.each<[ListType, string]>([
    ['ip4', '::1'],
    ['ip4', 'TEST'],
    ['ip4', '127.0.0'],
    ['ip4', '127.0.0.2/32'],
    ['ip6', '127.0.0.2'],
    ['ip6', 'fe80::1%eth0'],
    ['ip6', '[::1]'],
    ['name', '127.0.0.2'],
    ['name', '::1'],
    ['name', ''],
    ['name', 'a b'],
  ])('of type %s is not %j', (type, entry) => {
    expect(isEntry(type, entry)).toBe(false);
  });
});

test("the entries are RFC 5782's (section 5)", () => {
  expect(standardEntries).toEqual({
    ip4: { test: '127.0.0.2', control: '127.0.0.1' },
    ip6: { test: '::ffff:7f00:2', control: '::ffff:7f00:1' },
    name: { test: 'TEST', control: 'INVALID' },
  });
});
