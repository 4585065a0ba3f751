import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressesIn, readHostsFile } from '../../src/net/hosts-file.ts';
import { directory } from '../support/programs.ts';

describe('/etc/hosts', () => {
  const text = [
    '# 192.0.2.9 list.example',
    '192.0.2.1\tlist.example  list # 192.0.2.8 commented.example',
    '',
    '  2001:db8::1 list.example six.example',
    '192.0.2.2 Mixed.Example',
    '::ffff:192.0.2.2 mixed.example',
    '::ffff:192.0.2.4 mapped.example',
    'not-an-address wrong.example',
    '192.0.2.3',
    '192.0.2.5 repeated.example xrepeated.example repeated.example.x repeated.example',
    '192.0.2.5 repeated.example',
  ].join('\n');

  test.each([
    ['list.example', ['192.0.2.1', '2001:db8::1']],
    ['list', ['192.0.2.1']],
    ['LIST.Example', ['192.0.2.1', '2001:db8::1']],
    ['mixed.example', ['192.0.2.2']],
    ['mapped.example', ['192.0.2.4']],
    ['six.example', ['2001:db8::1']],
    ['list.example.', ['192.0.2.1', '2001:db8::1']],
    ['repeated.example', ['192.0.2.5']],
  ])('gives %s the addresses of its lines: %s', (host, addresses) => {
    expect(addressesIn(text, host)).toEqual(addresses);
  });

  test('gives a name the addresses of one family', () => {
    expect(addressesIn(text, 'list.example', 4)).toEqual(['192.0.2.1']);
    expect(addressesIn(text, 'list.example', 6)).toEqual(['2001:db8::1']);
    expect(addressesIn(text, 'mapped.example', 4)).toEqual(['192.0.2.4']);
    expect(addressesIn(text, 'mapped.example', 6)).toEqual([]);
  });

  test.each(['other.example', 'commented.example', 'wrong.example', 'example', 'repeated', ''])(
    'gives %j no address',
    (host) => {
      expect(addressesIn(text, host)).toEqual([]);
    },
  );

  test('may have lines of another system, and bytes of any encoding', () => {
    const lines = '# caf\u00e9\r\n192.0.2.1 list.example\r\n192.0.2.2 b\r\n';
    expect(addressesIn(lines, 'list.example')).toEqual(['192.0.2.1']);
  });

  test.each([
    ['once, in the last line', (line: number) => `name${line}.example`],
    ['as a part of every line', (line: number) => `name99999.example${line}`],
  ])('of 100,000 lines is read in no time: the name %s', (_what, nameOf) => {
    const lines = Array.from({ length: 100_000 }, (_, line) => `10.0.0.1 ${nameOf(line)}\n`);
    const start = performance.now();
    addressesIn(lines.join(''), 'name99999.example');
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('the file', () => {
  test('is read when it is a regular one', async () => {
    const path = join(await directory(onTestFinished, { hosts: '192.0.2.1 caf\u00e9\n' }), 'hosts');
    expect(readHostsFile(path)).toMatch(/^192\.0\.2\.1 caf/);
  });

  test('is not read when it is larger than 4 MB', async () => {
    const path = join(await directory(onTestFinished), 'hosts');
    writeFileSync(path, '192.0.2.1 list.example\n');
    truncateSync(path, 4 * 1024 * 1024);
    expect(readHostsFile(path)).not.toBe('');
    truncateSync(path, 4 * 1024 * 1024 + 1);
    expect(readHostsFile(path)).toBe('');
  });

  test.each(['mkfifo hosts', 'mkdir hosts', 'ln -s /dev/zero hosts', 'true'])(
    'is not read after: %s',
    async (command) => {
      const cwd = await directory(onTestFinished);
      execFileSync('sh', ['-c', command], { cwd });
      expect(readHostsFile(join(cwd, 'hosts'))).toBe('');
    },
  );
});
