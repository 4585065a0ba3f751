import { expect, test } from 'vitest';
import { parseWhere } from '../../../src/hosts/resident/where.ts';

test.each([
  ['inetd', { kind: 'inetd' }],
  ['systemd', { kind: 'systemd' }],
  [':8088', { kind: 'own', host: undefined, port: 8088 }],
  ['127.0.0.1:1', { kind: 'own', host: '127.0.0.1', port: 1 }],
  ['[::1]:8088', { kind: 'own', host: '::1', port: 8088 }],
  ['[::]:65535', { kind: 'own', host: '::', port: 65535 }],
  ['[fe80::1%eth0]:80', { kind: 'own', host: 'fe80::1%eth0', port: 80 }],
  ['localhost:8088', { kind: 'own', host: 'localhost', port: 8088 }],
  ['[fe80::1%eth0]:80', { kind: 'own', host: 'fe80::1%eth0', port: 80 }],
])('reads %s', (text, expected) => {
  expect(parseWhere(text)).toEqual(expected);
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
  expect(() => parseWhere(text)).toThrow('Allowed is inetd, systemd, or [HOST]:PORT');
});
