import { Command, CommanderError } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { declareTarget } from '../../src/options/target.ts';

describe('a target', () => {
  const list = { host: '127.0.0.1', port: 53 };

  function read(args: readonly string[], defaults?: typeof list) {
    const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    const target = declareTarget(command, defaults);
    command.parse([...args], { from: 'user' });
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
  ])('with a default is read from %j', (args, host, port) => {
    expect(read(args, list)).toMatchObject({ host, port });
  });

  test.each([
    [['::1', '443'], '::1', 443],
    [['-p', '443', 'web.example'], 'web.example', 443],
    [['-H', 'web.example', '-p', '443'], 'web.example', 443],
  ])('without a default is read from %j', (args, host, port) => {
    expect(read(args)).toMatchObject({ host, port });
  });

  test.each([
    [['web.example', '443'], undefined],
    [['-4', 'web.example', '443'], 4],
    [['web.example', '443', '--ipv4'], 4],
    [['-6', '-H', 'web.example', '-p', '443'], 6],
    [['--ipv6', 'web.example', '443'], 6],
    [['-6', '::1', '443'], 6],
    [['-4', '::ffff:192.0.2.1', '443'], 4],
  ])('has an address family by %j', (args, family) => {
    expect(read(args).family).toBe(family);
  });

  test.each<[readonly string[], string]>([
    [['-4', '-6', 'web.example', '443'], "'-4, --ipv4' cannot be used with option '-6, --ipv6'"],
    [['-6', '-4', 'web.example', '443'], "'-4, --ipv4' cannot be used with option '-6, --ipv6'"],
    [['-4', '::1', '443'], "-4 is given, and HOST '::1' is no IPv4 address"],
    [['-6', '192.0.2.1', '443'], "-6 is given, and HOST '192.0.2.1' is no IPv6 address"],
    [['-5', 'web.example', '443'], "unknown option '-5'"],
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
  ])('is not read from %j: %s', (args, message) => {
    expect(() => read(args)).toThrow(CommanderError);
    expect(() => read(args)).toThrow(message);
  });

  test.each([[['127.0.0.1', '-H', '127.0.0.1']], [['127.0.0.1', '53', '-p', '53']]])(
    'is given twice by %j, though a default stands behind it',
    (args) => {
      expect(() => read(args, list)).toThrow('is given twice');
    },
  );
});
