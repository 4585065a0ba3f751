import { isIPv4 as isIPv4InNode, isIPv6 as isIPv6InNode } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv6Groups, isIPv4, isIPv6, withoutMapping } from '../../src/net/ip-address.ts';

/** Text that looks like an address in most places, right or wrong. */
const almost = fc
  .array(
    fc.constantFrom(
      ...[
        '0',
        '1',
        '7f',
        'ffff',
        'FFFF',
        '10000',
        'g',
        '',
        '255',
        '256',
        '01',
        '127.0.0.1',
        '1.2.3',
      ],
      ...[':', ':', ':', ':', ':', '::', '.', '.', '%lo', '%', '%1', ' ', '\n', '-'],
    ),
    { maxLength: 18 },
  )
  .map((parts) => parts.join(''));

const examples = [
  ...['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8::', '::', ':::'],
  ...[
    '1:2:3:4:5:6:1.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1::',
  ],
  ...['1::2::3', '::%lo', '::1%', '::1%a b', '::01.2.3.4', '1.2.3.4\n', '::1\n', ''],
];

test('an address is what node:net takes for one', () => {
  const same = (text: string) => {
    expect([text, isIPv4(text), isIPv6(text)]).toEqual([
      ...[text, isIPv4InNode(text), isIPv6InNode(text)],
    ]);
  };
  examples.forEach(same);
  fc.assert(fc.property(fc.oneof(almost, fc.ipV4(), fc.ipV6()), same), { numRuns: 20_000 });
});

test.each(['fe80::1%br_lan', 'fe80::1%wg+0', 'fe80::1%veth@if3'])(
  'an interface may have any name: %s',
  (address) => expect(isIPv6(address)).toBe(true),
);

test.each(['fe80::1%', 'fe80::1%a b', 'fe80::1%a/b', 'fe80::1%a%b', 'fe80::1%a\n'])(
  'what is no name of an interface is no zone id: %j',
  (address) => expect(isIPv6(address)).toBe(false),
);

test('the groups of an address are those of the WHATWG parser', () => {
  const same = (address: string) => {
    const [, host = ''] = /\[(.*)\]/.exec(new URL(`http://[${address}]/`).hostname) ?? [];
    expect(ipv6Groups(host)).toEqual(ipv6Groups(address));
    expect(ipv6Groups(address)).toHaveLength(8);
  };
  fc.assert(fc.property(fc.ipV6(), same));
  expect(ipv6Groups('1:2::7f.1')).toBeUndefined();
  expect(ipv6Groups('1:2::192.0.2.1')).toEqual([1, 2, 0, 0, 0, 0, 0xc000, 0x201]);
});

test('the IPv4 address in a mapped one is found, whatever its form', () => {
  const found = (address: string) => {
    expect(withoutMapping(`::ffff:${address}`)).toBe(address);
    const { hostname } = new URL(`http://[::ffff:${address}]/`);
    expect(withoutMapping(hostname.slice(1, -1))).toBe(address);
    expect(withoutMapping(address)).toBe(address);
  };
  fc.assert(fc.property(fc.ipV4(), found));
});
