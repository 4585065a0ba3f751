import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/check/invalid-argument.ts';
import { parseNetworks } from '../../src/options/networks.ts';

describe('networks', () => {
  test.each([
    ['192.0.2.0/24', [{ address: '192.0.2.0', prefixLength: 24, family: 'ipv4' }]],
    ['127.0.0.1', [{ address: '127.0.0.1', prefixLength: 32, family: 'ipv4' }]],
    ['::1', [{ address: '::1', prefixLength: 128, family: 'ipv6' }]],
    [
      '10.0.0.0/8,2001:db8::/32',
      [
        { address: '10.0.0.0', prefixLength: 8, family: 'ipv4' },
        { address: '2001:db8::', prefixLength: 32, family: 'ipv6' },
      ],
    ],
    ['0.0.0.0/0', [{ address: '0.0.0.0', prefixLength: 0, family: 'ipv4' }]],
  ])('are read from %s', (text, networks) => {
    expect(parseNetworks(text)).toEqual(networks);
  });

  test.each([
    ...['', ',', '192.0.2.0/33', '::/129', '192.0.2', 'example.org', '010.0.0.0/8', '10.0.0.0/'],
    ...['10.0.0.0/8,', '10.0.0.0/-1', 'fe80::%eth0/64', '10.0.0.0/8 ', '10.0.0.0/255.0.0.0'],
  ])('are not read from %j', (text) => {
    expect(() => parseNetworks(text)).toThrow(InvalidArgumentError);
  });
});
