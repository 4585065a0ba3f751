import { describe, expect, test } from 'vitest';
import { namesToTry } from '../../src/net/nameservers.ts';

describe('the names that stand for a host', () => {
  test.each([
    ['mx', '', ['mx']],
    ['mx.example.', 'search a.example\n', ['mx.example']],
    [
      'mx',
      'nameserver 192.0.2.1\nsearch a.example b.example.\n',
      ['mx.a.example', 'mx.b.example', 'mx'],
    ],
    ['mx.x', 'search a.example\n', ['mx.x', 'mx.x.a.example']],
    ['mx.x', 'search a.example\noptions edns0 ndots:5\n', ['mx.x.a.example', 'mx.x']],
    ['mx', 'domain a.example\n', ['mx.a.example', 'mx']],
    ['mx', 'search a.example\nsearch .\n', ['mx']],
  ])('%s with %j are %j', (host, resolvConf, names) => {
    expect(namesToTry(host, resolvConf)).toEqual(names);
  });
});
