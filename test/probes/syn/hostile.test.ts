import { expect, test } from 'vitest';
import { readCommandLine } from '../../../src/command-line/index.ts';
import { hostileHosts, hostilePorts } from '../../support/syn-hostile.ts';

const kindOf = (args: readonly string[]) =>
  readCommandLine('lbcheck', ['syn', ...args]).invocation.kind;

test('one host and one port are taken in each form', () => {
  expect(kindOf(['192.0.2.7', '25'])).toBe('run');
  expect(kindOf(['-H', '192.0.2.7', '-p', '25'])).toBe('run');
  expect(kindOf(['--hostname=192.0.2.7', '--port=25'])).toBe('run');
  expect(kindOf(['--', '192.0.2.7', '25'])).toBe('run');
});

test.each(hostileHosts)('the host %j is refused', (host) => {
  for (const args of [
    [host, '25'],
    ['-H', host, '-p', '25'],
    [`--hostname=${host}`, '--port=25'],
    ['--', host, '25'],
  ]) {
    expect([args, kindOf(args)]).toEqual([args, 'misuse']);
  }
});

test.each(hostilePorts)('the port %j is refused', (port) => {
  for (const args of [
    ['192.0.2.7', port],
    ['-H', '192.0.2.7', '-p', port],
  ]) {
    expect([args, kindOf(args)]).toEqual([args, 'misuse']);
  }
});
