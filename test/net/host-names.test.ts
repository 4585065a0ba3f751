import { describe, expect, test } from 'vitest';
import { endpoint, isAddress, isDomainName, isHost } from '../../src/net/host-names.ts';

const label63 = 'a'.repeat(63);
const name253 = `${label63}.${label63}.${label63}.${'a'.repeat(61)}`;

describe('a domain name', () => {
  test.each([
    'localhost',
    'example.org',
    'example.org.',
    'EXAMPLE.org',
    '_dmarc.example.org',
    'xn--bcher-kva.example',
    'a-b.example',
    '3com.example',

    '2.0.0.127.dnsbl.example',
    `${label63}.example`,
    name253,
    `${name253}.`,
  ])('may be %s', (name) => {
    expect(isDomainName(name)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['the root', '.'],
    ['an empty label', 'a..example'],
    ['a leading dot', '.example'],
    ['two trailing dots', 'example..'],
    ['a leading hyphen', '-a.example'],
    ['a trailing hyphen', 'a-.example'],
    ['a label of 64 letters', `${label63}a.example`],
    ['254 letters and dots', `${name253}a`],
    ['a space', 'a b.example'],
    ['a line break at its end', 'example\n'],
    ['a slash', '192.0.2.0/24'],
    ['a comma', 'a,b'],
    ['a letter outside ASCII', 'bücher.example'],
    ['an address', '192.0.2.1'],
    ['a number that inet_aton(3) reads as an address', '10.1'],
    ['one number', '4'],
    ['a last label in hexadecimal', '0x7f.0x1'],
  ])('is not %s: %j', (_what, name) => {
    expect(isDomainName(name)).toBe(false);
  });
});

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '255.255.255.255',
    '::1',
    '2001:db8::1',
    '::ffff:127.0.0.2',
    'fe80::1%lo',
  ])('is %s', (text) => {
    expect(isAddress(text)).toBe(true);
    expect(isHost(text)).toBe(true);
  });

  test.each(['localhost', '127.0.0', '127.0.0.256', '010.0.0.1', '[::1]', ':', '1::2::3', ''])(
    'is not %j',
    (text) => {
      expect(isAddress(text)).toBe(false);
    },
  );
});

describe('a host', () => {
  test('is an address or a name', () => {
    expect(isHost('192.0.2.7')).toBe(true);
    expect(isHost('list.example')).toBe(true);
  });

  // What nmap or a resolver would read as an option, a range, a list, a network or another address.
  test.each([
    '-iL',
    '--script=x',
    '192.0.2.1-9',
    '192.0.2.*',
    '192.0.2.0/24',
    '10.1',
    'a b',
    '1:2',
  ])('is not %j', (text) => {
    expect(isHost(text)).toBe(false);
  });
});

test('an endpoint puts an IPv6 address into brackets', () => {
  expect(endpoint('192.0.2.1', 53)).toBe('192.0.2.1:53');
  expect(endpoint('list.example', 53)).toBe('list.example:53');
  expect(endpoint('2001:db8::1', 53)).toBe('[2001:db8::1]:53');
});
