import { expect, test } from 'vitest';
import { parseListenAddress } from '../../src/options/listen-address.ts';

test.each([
  ['inetd', { kind: 'inetd' }],
  ['systemd', { kind: 'systemd' }],
  [':8088', { kind: 'port', host: undefined, port: 8088 }],
  ['127.0.0.1:1', { kind: 'port', host: '127.0.0.1', port: 1 }],
  ['[::1]:8088', { kind: 'port', host: '::1', port: 8088 }],
  ['[::]:65535', { kind: 'port', host: '::', port: 65535 }],
  ['[fe80::1%eth0]:80', { kind: 'port', host: 'fe80::1%eth0', port: 80 }],
  ['localhost:8088', { kind: 'port', host: 'localhost', port: 8088 }],
  ['[fe80::1%eth0]:80', { kind: 'port', host: 'fe80::1%eth0', port: 80 }],
])('reads %s', (text, expected) => {
  expect(parseListenAddress(text)).toEqual(expected);
});

test.each([
  ...[
    '',
    '8088',
    ':',
    ':0',
    ':65536',
    ':123456',
    ':8o',
    ': 8088',
    ':-1',
    '127.0.0.1',
    '127.0.0.1:',
  ],
  ...['inetd:', 'Inetd', 'inetd ', '[::1', '[::1]', '::1:8088', '[127.0.0.1]:80', '[]:80'],
  ...['[localhost]:80', 'a b:1', 'a..b:1', '010.0.0.1:80', 'http://[::1]:80', ':80\n'],
])('refuses %j', (text) => {
  expect(() => parseListenAddress(text)).toThrow('Allowed is inetd, systemd, or [HOST]:PORT');
});
