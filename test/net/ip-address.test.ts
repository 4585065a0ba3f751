import { isIPv4 as isIPv4InNode, isIPv6 as isIPv6InNode } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isIPv4, isIPv6 } from '../../src/net/ip-address.ts';

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
