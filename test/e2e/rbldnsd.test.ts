import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck, parseResponse } from '../support/executable.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';

const request = 'GET / HTTP/1.1\r\n\r\n';
const cleanUp = afterThisFile();
let server: Rbldnsd;

beforeAll(async () => {
  server = await startRbldnsd(cleanUp, {
    'good.example': zoneFiles.good,
    'names.example': zoneFiles.names,
    'ip6.example': zoneFiles.ip6,
    'empty.example': zoneFiles.withoutTestEntry,
    'wildcard.example': zoneFiles.wildcard,
    'expired.example': zoneFiles.expired,
    'synced.example': {
      type: 'ip4set',
      text: `$SOA 60 ns.x. m.x. 0 60 60 60 60\n${zoneFiles.good.text}`,
    },
    'stale.example': {
      type: 'ip4set',
      text: `$SOA 60 ns.x. m.x. 2020010101 60 60 60 60\n${zoneFiles.good.text}`,
    },
  });
});

async function ask(...args: readonly string[]) {
  const { code, stdout, stderr } = await lbcheck(
    ['rbl', '127.0.0.1', String(server.port), ...args],
    {
      input: request,
    },
  );
  return { code, stderr, ...parseResponse(stdout) };
}

describe('a real rbldnsd', () => {
  test.each([
    [
      'a list of addresses',
      ['--zone', 'good.example'],
      'good.example: lists 127.0.0.2 as 127.0.0.2',
    ],
    ['a list of names', ['--zone', 'names.example', '--type', 'name'], 'lists TEST as 127.0.0.2'],
    ['a list of IPv6 addresses', ['--zone', 'ip6.example', '--type', 'ip6'], 'lists ::ffff:7f00:2'],
    [
      'two lists',
      ['--zone', 'good.example', '--zone', 'synced.example'],
      'good.example, synced.example',
    ],
    ['fresh data', ['--zone', 'synced.example', '--max-age', '1h'], /zone data is \d+s old/],
    [
      'an entry of its own',
      ['--zone', 'empty.example', '--test-entry', '192.0.2.1'],
      'lists 192.0.2.1',
    ],
    ['no control', ['--zone', 'wildcard.example', '--no-control'], 'lists 127.0.0.2'],
  ])('is running with %s', async (_what, args, summary) => {
    const { status, code, body, stderr } = await ask(...args);
    expect(body).toMatch(/^RBL is running\.\n/);
    expect(body).toMatch(summary);
    expect({ status, code, stderr }).toEqual({ status: 200, code: 0, stderr: '' });
  });

  test.each([
    [
      'without its test entry',
      ['--zone', 'empty.example'],
      'does not list its test entry 127.0.0.2 (NXDOMAIN)',
    ],
    ['that lists everything', ['--zone', 'wildcard.example'], 'the zone says yes to everything'],
    [
      'that is not served',
      ['--zone', 'other.example'],
      'refused: rate-limited, or zone not served here',
    ],
    ['whose data expired', ['--zone', 'expired.example'], 'SERVFAIL: zone expired or not loaded'],
    [
      'whose data is old',
      ['--zone', 'stale.example', '--max-age', '7d'],
      /zone data is \d+d( \d+h)? old/,
    ],
    [
      'without an SOA record',
      ['--zone', 'good.example', '--max-age', '1h'],
      'SOA question: refused',
    ],
    [
      'beside a good one',
      ['--zone', 'good.example', '--zone', 'empty.example'],
      '1 of 2 zones failed: empty.example:',
    ],
  ])('is not running with a list %s', async (_what, args, summary) => {
    const { status, code, body, stderr } = await ask(...args);
    expect(body).toMatch(/^RBL is not running or not accessible\.\n/);
    expect(body).toMatch(summary);
    expect({ status, code, stderr }).toEqual({ status: 503, code: 1, stderr: '' });
  });

  test('takes its zones from RBL_ZONE', async () => {
    const { stdout } = await lbcheck(['rbl', '127.0.0.1', String(server.port)], {
      input: request,
      env: { PATH: process.env.PATH ?? '', RBL_ZONE: 'good.example, synced.example' },
    });
    expect(parseResponse(stdout).body).toMatch('good.example, synced.example: lists');
  });

  test('answers a plugin in plain text', async () => {
    const args = ['rbl', '127.0.0.1', String(server.port), '--reply', 'plugin', '--zone'];
    expect(await lbcheck([...args, 'good.example'])).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^RBL OK - good\.example: lists 127\.0\.0\.2 as 127\.0\.0\.2 \| time=[\d.]+s;;;0;1\.5\n$/,
      ),
      stderr: '',
    });
    expect((await lbcheck([...args, 'empty.example'])).code).toBe(2);
    expect((await lbcheck([...args, 'good.example', '-w', '@0:9'])).code).toBe(1);
  });
});

describe('an rbldnsd that has gone', () => {
  test('is told from one that hangs', async ({ onTestFinished }) => {
    const doomed = await startRbldnsd(onTestFinished, { 'good.example': zoneFiles.good });
    const args = ['rbl', '127.0.0.1', String(doomed.port), '--zone', 'good.example', '-t', '0.6'];
    const state = async () => parseResponse((await lbcheck(args, { input: request })).stdout).body;
    expect(await state()).toMatch('RBL is running.');
    process.kill(doomed.pid, 'SIGSTOP');
    expect(await state()).toMatch(`no answer from 127.0.0.1:${doomed.port}`);
    process.kill(doomed.pid, 'SIGCONT');
    expect(await state()).toMatch('RBL is running.');
    process.kill(doomed.pid, 'SIGTERM');
    await expect.poll(() => doomed.hasEnded()).toBe(true);
    expect(await state()).toMatch(`nothing listens on 127.0.0.1:${doomed.port}`);
  });
});
