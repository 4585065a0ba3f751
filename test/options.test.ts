import { Command, CommanderError, InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import {
  declareTarget,
  parseDuration,
  parseHost,
  parsePort,
  secondsWithin,
} from '../src/options.ts';

describe('seconds', () => {
  test.each([
    ['1', 1],
    ['1.5', 1.5],
    ['0.05', 0.05],
    ['.5', 0.5],
    ['5.', 5],
    ['300', 300],
  ])('%s are %d', (text, seconds) => {
    expect(secondsWithin(0.05, 300)(text)).toBe(seconds);
  });

  test.each([
    ...['', '0', '0.049', '300.1', '-1', '+1', '1e2', '0x10', '1,5', '1s', ' 1', '1 ', '1\n'],
    ...['.', 'NaN', 'Infinity', '1.2.3', '٣'],
  ])('%j are not', (text) => {
    expect(() => secondsWithin(0.05, 300)(text)).toThrow(InvalidArgumentError);
  });
});

describe('a port', () => {
  test.each([
    ['1', 1],
    ['53', 53],
    ['65535', 65535],
  ])('is %s', (text, port) => {
    expect(parsePort(text)).toBe(port);
  });

  test.each([
    ...['', '0', '65536', '99999', '100000', '-1', '+53', '53.0', '5e1', '0x35', 'domain'],
    ...['53,54', '53-54', ' 53', '53 ', '53\n', '٣'],
  ])('is not %j', (text) => {
    expect(() => parsePort(text)).toThrow(InvalidArgumentError);
  });
});

describe('a host', () => {
  test.each(['192.0.2.1', '2001:db8::1', 'list.example'])('is %s, as it is', (text) => {
    expect(parseHost(text)).toBe(text);
  });

  test.each(['', '-iL', '192.0.2.0/24', '[::1]', 'a b', 'a,b', '10.1'])('is not %j', (text) => {
    expect(() => parseHost(text)).toThrow(InvalidArgumentError);
  });
});

describe('a duration', () => {
  test.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['7d', 604_800],
    ['007d', 604_800],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each(['', '0s', '90', 's', '-1h', '1.5h', '1h30m', '2 h', '2H', '1w', '1y', '9999999999s'])(
    '%j is none',
    (text) => {
      expect(() => parseDuration(text)).toThrow(InvalidArgumentError);
    },
  );
});

describe('a target', () => {
  const list = { host: '127.0.0.1', port: 53 };

  function read(words: readonly string[], defaults?: typeof list) {
    const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    const target = declareTarget(command, defaults);
    command.parse([...words], { from: 'user' });
    return target();
  }

  test.each([
    [[], '127.0.0.1', 53],
    [['192.0.2.7'], '192.0.2.7', 53],
    [['192.0.2.7', '5353'], '192.0.2.7', 5353],
    [['-H', '192.0.2.7'], '192.0.2.7', 53],
    [['-p', '5353'], '127.0.0.1', 5353],
    [['-H', '192.0.2.7', '-p', '5353'], '192.0.2.7', 5353],
    [['--hostname', 'list.example', '--port', '5353'], 'list.example', 5353],
    [['192.0.2.7', '-p', '5353'], '192.0.2.7', 5353],
    // Equal to the default, yet given.
    [['127.0.0.1', '53'], '127.0.0.1', 53],
  ])('with a default is read from %j', (words, host, port) => {
    expect(read(words, list)).toEqual({ host, port });
  });

  test.each([
    [['::1', '443'], '::1', 443],
    [['-p', '443', 'web.example'], 'web.example', 443],
    [['-H', 'web.example', '-p', '443'], 'web.example', 443],
  ])('without a default is read from %j', (words, host, port) => {
    expect(read(words)).toEqual({ host, port });
  });

  test.each<[readonly string[], string]>([
    [[], 'HOST is missing'],
    [['-p', '443'], 'HOST is missing'],
    [['web.example'], 'PORT is missing'],
    [['-H', 'web.example'], 'PORT is missing'],
    [
      ['a.example', '-H', 'b.example', '-p', '443'],
      "HOST is given twice: 'a.example' and 'b.example'",
    ],
    [['a.example', '1', '-p', '2'], "PORT is given twice: '1' and '2'"],
    [['a.example', '443', 'more'], 'too many arguments'],
    [['a b', '443'], 'Allowed is one IPv4 or IPv6 address'],
    [['a.example', '443-444'], 'Allowed is one number from 1 to 65535'],
  ])('is not read from %j: %s', (words, message) => {
    expect(() => read(words)).toThrow(CommanderError);
    expect(() => read(words)).toThrow(message);
  });

  test.each([[['127.0.0.1', '-H', '127.0.0.1']], [['127.0.0.1', '53', '-p', '53']]])(
    'is given twice by %j, though a default stands behind it',
    (words) => {
      expect(() => read(words, list)).toThrow('is given twice');
    },
  );
});
