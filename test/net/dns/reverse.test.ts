import { expect, test } from 'vitest';
import { pointerName } from '../../../src/net/dns/reverse.ts';

test.each([
  ['192.0.2.7', '7.2.0.192.in-addr.arpa'],
  ['2001:db8::1', `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`],
])('the PTR record of %s is at %s', (address, name) => {
  expect(pointerName(address)).toBe(name);
});
