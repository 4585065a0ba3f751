import { describe, expect, test } from 'vitest';
import { parseEndpoint } from '../../src/options/endpoint.ts';

describe('an endpoint', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', undefined],
    ['192.0.2.7:53', '192.0.2.7', 53],
    ['list.example:65535', 'list.example', 65535],
    ['::1', '::1', undefined],
    ['[::1]', '::1', undefined],
    ['[2001:db8::7]:443', '2001:db8::7', 443],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7', undefined],
  ])('is read from %s', (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port });
  });

  test.each([
    ...['', ':', ':53', '192.0.2.7:', '192.0.2.7:0', '192.0.2.7:65536', '192.0.2.7:x', 'a b'],
    ...['010.0.0.1', '0x7f.1', '127.1', '2130706433', '0177.0.0.1:80', '[192.0.2.7]:53', '[::1'],
    ...['-iL:53', 'a/24', '192.0.2.7/24', 'a@b', 'http://a', '192.0.2.7:53:54', '[::1]x'],
  ])('is not read from %j', (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });
});
