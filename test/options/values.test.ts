import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../src/check/invalid-argument.ts';
import { parseDuration, parseHost, parsePort, secondsWithin } from '../../src/options/values.ts';

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
