import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck, parseResponse } from '../support/executable.ts';
import { readHealth } from '../support/health-schema.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const run = promisify(execFile);
let list: Rbldnsd;
let args: readonly string[];
beforeAll(async () => {
  list = await startRbldnsd(cleanUp, {
    'good.example': zoneFiles.good,
    'bad.example': zoneFiles.expired,
    'aged.example': {
      type: 'ip4set',
      text: `$SOA 60 ns.x. m.x. 0 60 60 60 60\n${zoneFiles.good.text}`,
    },
  });
  args = ['rbl', '127.0.0.1', String(list.port)];
});

describe('--reply json', () => {
  test.each<[string, readonly string[], string, string, number]>([
    ['a list that works', ['--zone', 'good.example'], 'pass', 'ok', 0],
    ['a list that is slow', ['--zone', 'good.example', '-w', '@0:'], 'warn', 'warning', 0],
    ['a list without data', ['--zone', 'bad.example'], 'fail', 'critical', 1],
    ['wrong usage', ['--zone', 'a..b'], 'fail', 'unknown', 1],
  ])('keeps to the schema for %s', async (what, more, status, observedValue, code) => {
    const { stdout, ...ended } = await lbcheck([...args, ...more, '--reply', 'json']);
    const expected = what === 'wrong usage' ? expect.stringMatching("'a..b' is invalid") : '';
    expect(ended).toEqual({ code, stderr: expected });
    const document = readHealth(stdout);
    expect(document.status).toBe(status);
    expect(document.checks['rbl:status']).toMatchObject([{ observedValue }]);
  });

  test.each<[string, readonly string[]]>([
    ['tls', ['tls', '127.0.0.1', '1']],
    ['syn', ['syn', '127.0.0.1', '1', '--engine', 'nmap', '--nmap', '/no/such/nmap']],
    ['exec', ['exec', '--', 'sh', '-c', 'echo "OK | \'a b\'=1ms;;;0 c=2c x"']],
    ['rbl', ['rbl', '127.0.0.1', '1', '--zone', 'good.example', '--max-age', '1h']],
  ])('keeps to the schema for %s', async (probe, [name = '', ...rest]) => {
    const { stdout } = await lbcheck([name, '--reply', 'json', ...rest]);
    expect(readHealth(stdout).description).toMatch(new RegExp(`^${probe} `));
  });

  test('has the time that the check began', async () => {
    const before = Date.now();
    const all = ['--zone', 'aged.example', '--max-age', '7d', '--reply', 'json'];
    const { checks } = readHealth((await lbcheck([...args, ...all])).stdout);
    const begun = Date.parse(String(checks['rbl:responseTime']?.[0]?.time));
    expect(begun).toBeGreaterThanOrEqual(before);
    expect(begun).toBeLessThanOrEqual(Date.now());
    expect(checks['rbl:zoneAge']).toMatchObject([
      { componentId: 'aged.example', observedUnit: 's', observedValue: expect.any(Number) },
    ]);
  });
});

test('curl gets JSON by its Accept field, with the status line of the check', async () => {
  const services = ['good.example', 'bad.example'].map((zone) =>
    startXinetd(cleanUp, [...args, '--zone', zone].join(' ')),
  );
  const [good, bad] = await Promise.all(services);
  const get = async (port: number | undefined, accept: string, ...more: readonly string[]) => {
    const url = `http://127.0.0.1:${port}/`;
    const { stdout } = await run('curl', ['-sSi', '-H', `Accept: ${accept}`, ...more, url]);
    return parseResponse(stdout, more.includes('--head'));
  };

  for (const type of ['application/health+json', 'application/json']) {
    const up = await get(good?.port, `${type}, */*;q=0.1`);
    expect(up).toMatchObject({ status: 200, fields: { 'content-type': type } });
    expect(readHealth(up.body).status).toBe('pass');
    const down = await get(bad?.port, type);
    expect(down).toMatchObject({ status: 503, fields: { 'content-type': type } });
    expect(readHealth(down.body)).toMatchObject({
      status: 'fail',
      output: expect.stringContaining('SERVFAIL'),
    });
  }
  const head = await get(good?.port, 'application/json', '--head');
  expect(head).toMatchObject({ status: 200, body: '' });
  const words200 = await get(good?.port, 'text/plain, application/json;q=0.9');
  expect(words200.body).toMatch(/^RBL is running\.\n/);
});
