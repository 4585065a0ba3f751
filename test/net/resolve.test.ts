import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { inHostsFile, resolve } from '../../src/net/resolve.ts';
import { replaceGetent, setPath } from '../support/getent.ts';

const never = new AbortController().signal;

describe('/etc/hosts', () => {
  const text = [
    '# 192.0.2.9 list.example',
    '192.0.2.1\tlist.example  list # 192.0.2.8 commented.example',
    '',
    '  2001:db8::1 list.example six.example',
    '192.0.2.2 Mixed.Example',
    'not-an-address wrong.example',
    '192.0.2.3',
  ].join('\n');

  test.each([
    ['list.example', '192.0.2.1'],
    ['list', '192.0.2.1'],
    ['LIST.Example', '192.0.2.1'],
    ['mixed.example', '192.0.2.2'],
    ['six.example', '2001:db8::1'],
    ['list.example.', '192.0.2.1'],
  ])('gives %s the first address of its lines: %s', (host, address) => {
    expect(inHostsFile(host, text)).toBe(address);
  });

  test.each(['other.example', 'commented.example', 'wrong.example', 'example', ''])(
    'gives %j no address',
    (host) => {
      expect(inHostsFile(host, text)).toBeUndefined();
    },
  );

  test('may have lines of another system', () => {
    expect(inHostsFile('list.example', '192.0.2.1 list.example\r\n192.0.2.2 b\r\n')).toBe(
      '192.0.2.1',
    );
  });
});

describe('a look-up', () => {
  test.each(['192.0.2.1', '2001:db8::1'])('leaves the address %s as it is', async (address) => {
    setPath('/nonexistent');
    expect(await resolve(address, never)).toEqual({ kind: 'address', address });
  });

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

  test('asks for the name as it was given, once', async () => {
    const directory = replaceGetent(`echo "$@" >> asked; echo "192.0.2.7  STREAM"`);
    await resolve('list.example', never);
    expect(readFileSync(`${directory}/asked`, 'utf8')).toBe('ahosts list.example\n');
  });

  test('says that a name has no address', async () => {
    replaceGetent('exit 2');
    expect(await resolve('list.example', never)).toEqual({ kind: 'no-address' });
  });

  test.each([
    ['ends with another exit code', 'exit 1', 'exit code 1'],
    ['succeeds without an address', 'echo nonsense', 'exit code 0'],
    ['says nothing', 'exit 0', 'exit code 0'],
  ])('fails when getent %s', async (_what, script, reason) => {
    replaceGetent(script);
    expect(await resolve('list.example', never)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining(reason),
    });
  });

  test('fails when there is no getent', async () => {
    setPath('/nonexistent');
    expect(await resolve('list.example', never)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(/getent.*did not start/),
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
