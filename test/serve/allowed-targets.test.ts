import { expect, test } from 'vitest';
import { parseNetworks } from '../../src/options/networks.ts';
import { allowedTargets } from '../../src/serve/allowed-targets.ts';

test.each([
  ['192.0.2.0/24', '192.0.2.7', true],
  ['192.0.2.0/24', '192.0.3.7', false],
  ['192.0.2.0/24', '::ffff:192.0.2.7', true],
  ['192.0.2.0/24', '::ffff:192.0.3.7', false],
  ['2001:db8::/32', '2001:db8:1::7', true],
  ['2001:db8::/32', '2001:db9::7', false],
  ['2001:db8::/32,127.0.0.1', '127.0.0.1', true],
  ['127.0.0.1', '::1', false],
  ['0.0.0.0/0', '127.0.0.1', true],
  ['0.0.0.0/0', '2001:db8::1', false],
])('%s allows %s: %s', (networks, address, isAllowed) => {
  expect(allowedTargets(parseNetworks(networks))(address)).toBe(isAllowed);
});
