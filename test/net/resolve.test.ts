import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { resolve } from '../../src/net/resolve.ts';
import { replaceGetent, setPath } from '../support/getent.ts';

const never = new AbortController().signal;

describe('a look-up', () => {
  test.each(['192.0.2.1', '2001:db8::1'])('leaves the address %s as it is', async (address) => {
    setPath('/nonexistent');
    expect(await resolve(address, never)).toEqual({ kind: 'address', address });
  });

  test.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7F00:1', '127.0.0.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['::fffe:192.0.2.1', '::fffe:192.0.2.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::192.0.2.1'],
  ])('takes %s for %s', async (host, address) => {
    expect(await resolve(host, never)).toEqual({ kind: 'address', address });
  });

  test.each(['fe80::1%lo', 'fe80::1%eth0.100', 'fe80::1%br_lan', 'fe80::1%4000000'])(
    'keeps the zone id of %s',
    async (address) => {
      expect(await resolve(address, never)).toEqual({ kind: 'address', address });
    },
  );

  test('finds localhost without a resolver', async () => {
    setPath('/nonexistent');
    const resolution = await resolve('localhost', never);
    expect(resolution).toMatchObject({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) });
  });

  test('takes the first address of the resolver, of either family', async () => {
    replaceGetent(`echo "2001:db8::7  STREAM $2"; echo "192.0.2.7  STREAM"`);
    expect(await resolve('list.example', never)).toEqual({
      kind: 'address',
      address: '2001:db8::7',
    });
  });

  test.each([
    [4, 'ahostsv4', '192.0.2.7'],
    [6, 'ahostsv6', '2001:db8::7'],
  ] as const)('of IPv%s alone asks for %s', async (family, database, address) => {
    const directory = replaceGetent(
      `echo "$1" > asked; echo "2001:db8::7  STREAM $2"; echo "192.0.2.7  STREAM"`,
    );
    expect(await resolve('list.example', never, family)).toEqual({ kind: 'address', address });
    expect(readFileSync(`${directory}/asked`, 'utf8')).toBe(`${database}\n`);
  });

  test('of IPv6 does not take the IPv4-mapped addresses that getent makes up', async () => {
    replaceGetent('echo "::ffff:192.0.2.7  STREAM"');
    expect(await resolve('list.example', never, 6)).toEqual({ kind: 'no-address' });
    expect(await resolve('list.example', never)).toEqual({ kind: 'address', address: '192.0.2.7' });
  });

  test('asks for the name as it was given, once', async () => {
    const directory = replaceGetent(`echo "$@" >> asked; echo "192.0.2.7  STREAM"`);
    await resolve('list.example', never);
    expect(readFileSync(`${directory}/asked`, 'utf8')).toBe('ahosts list.example\n');
  });

  test('tells that a name has no address', async () => {
    replaceGetent('exit 2');
    expect(await resolve('list.example', never)).toEqual({ kind: 'no-address' });
  });

  test.each([
    ['ends with another exit code', 'exit 3', 'exit code 3'],
    ['succeeds without an address', 'echo nonsense', 'exit code 0'],
    ['prints nothing', 'exit 0', 'exit code 0'],
  ])('fails when getent %s', async (_what, script, reason) => {
    replaceGetent(script);
    expect(await resolve('list.example', never)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining(reason),
    });
  });

  test.each([
    ['there is no getent', () => setPath('/nonexistent')],
    ['getent knows no ahosts', () => void replaceGetent('echo Unknown database >&2; exit 1')],
    ['getent cannot be run', () => void replaceGetent('', 0o644)],
  ])('asks the nameservers itself when %s', async (_what, prepare) => {
    prepare();
    expect(await resolve('no-such-name.invalid', AbortSignal.timeout(2000))).toEqual({
      kind: expect.stringMatching(/^(no-address|silence)$/),
    });
  });

  test('ends as silence at the abort, and getent with it', async () => {
    const directory = replaceGetent('echo $$ > pid; exec sleep 60');
    const deadline = new AbortController();
    const resolution = resolve('list.example', deadline.signal);
    const pid = await vi.waitFor(() => Number(readFileSync(`${directory}/pid`, 'utf8')) || fail());
    deadline.abort();
    expect(await resolution).toEqual({ kind: 'silence' });
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 5000);
  });

  test('is silence without a process when it begins after the abort', async () => {
    setPath('/nonexistent');
    expect(await resolve('list.example', AbortSignal.abort())).toEqual({ kind: 'silence' });
  });
});

function fail(): never {
  throw new Error('getent has not started yet');
}
