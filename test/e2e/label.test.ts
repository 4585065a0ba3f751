import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { environment, lbcheck, parseResponse } from '../support/executable.ts';
import { readHealth } from '../support/health-schema.ts';
import { freePort } from '../support/programs.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';

const cleanUp = afterThisFile();
const secret = 'abcdef0123456789abcdef0123';
const zones = { paid: `${secret}.zen.dq.example`, free: 'free.example' };
const soa = '$SOA 60 ns.x. m.x. 0 60 60 60 60\n';
let list: Rbldnsd;
let closedPort: number;

beforeAll(async () => {
  closedPort = await freePort();
  list = await startRbldnsd(cleanUp, {
    [zones.paid]: { type: 'ip4set', text: soa + zoneFiles.good.text },
    [zones.free]: { type: 'ip4set', text: soa + zoneFiles.good.text },
    [`bad.${zones.paid}`]: zoneFiles.expired,
  });
});

/** Every form of answer, as its client gets it. */
const forms: readonly (readonly [string, readonly string[], string])[] = [
  ['http', ['--reply', 'http'], 'GET / HTTP/1.1\r\n\r\n'],
  ['http, JSON', ['--reply', 'http'], 'GET / HTTP/1.1\r\nAccept: application/json\r\n\r\n'],
  ['http, metrics', ['--reply', 'http'], 'GET /metrics HTTP/1.1\r\n\r\n'],
  ...['plugin', 'haproxy', 'json', 'prometheus'].map(
    (form) => [form, ['--reply', form], ''] as const,
  ),
];

/** Arguments, and environment, of rbl that name the secret zone. */
type Naming = readonly [string, readonly string[], Readonly<Record<string, string>>];

/** The checks name it in every status, and so does wrong usage. */
const checks: readonly Naming[] = [
  ['works', ['--zone', zones.paid, '--max-age', '1d'], {}],
  ['is one of several', ['--zone', zones.free, '--zone', zones.paid, '--max-age', '1d'], {}],
  ['fails', ['--zone', `bad.${zones.paid}`, '--zone', zones.paid], {}],
  ['is not served', ['--zone', `none.${zones.paid.toUpperCase()}`], {}],
  ['is too old', ['--zone', zones.paid, '--max-age', '1s', '--serial-format', 'yyyymmddnn'], {}],
  ['is in the environment', ['--max-age', '1d'], { RBL_ZONE: `${zones.free} ${zones.paid}` }],
  ['is misspelt', ['--zone', `${secret}..example`], {}],
  ['is misspelt in the environment', [], { RBL_ZONE: `a.example,${secret}..example` }],
  ['stands beside another mistake', [`--zone=${zones.paid}`, '--timeout', 'soon'], {}],
  ['is too long to be asked', ['--zone', `${secret}.${'abc.'.repeat(54)}abc`, '--type', 'ip6'], {}],
];

describe.each(checks)('a zone with a secret in its name that %s', (_what, args, env) => {
  test.each(forms)('is not shown by %s', async (_form, more, input) => {
    const all = ['rbl', '127.0.0.1', String(list.port), '--label', 'paid list', ...args, ...more];
    const { stdout, stderr } = await lbcheck(all, { input, env: { ...environment, ...env } });
    expect(stdout).not.toBe('');
    expect(`${stdout}${stderr}`.toLowerCase()).not.toContain(secret);
  });
});

describe('the label is what the check is called', () => {
  const answerTo = async (args: readonly string[], input = 'GET / HTTP/1.1\r\n\r\n') => {
    const { stdout } = await lbcheck([...args, '--label', 'mail gate'], { input });
    return stdout;
  };
  const dead = (form: string) => ['tls', '127.0.0.1', String(closedPort), '--reply', form];

  test('in the text of http', async () => {
    expect(parseResponse(await answerTo(dead('http'))).body).toMatch(
      /^TLS is not running or not accessible\.\nmail gate: nothing listens on 127\.0\.0\.1:\d+ /,
    );
  });

  test('by a plugin, and by an agent', async () => {
    expect(await answerTo(dead('plugin'))).toMatch(
      /^TLS CRITICAL - mail gate: nothing listens on /,
    );
    expect(await answerTo(dead('haproxy'))).toMatch(/^down #mail gate: nothing listens on /);
  });

  test('in JSON', async () => {
    const { description, output, checks } = readHealth(await answerTo(dead('json')));
    expect(description).toBe('tls mail gate');
    expect(output).toMatch(/^mail gate: /);
    expect(checks['tls:status']).toMatchObject([{ componentId: 'mail gate' }]);
  });

  test('on every sample, beside the target in a file', async () => {
    const inFile = (await answerTo(dead('prometheus')))
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    const common = `\\{probe="tls",target="127\\.0\\.0\\.1:${closedPort}",label="mail gate"[,}]`;
    for (const line of inFile) expect(line).toMatch(new RegExp(`^[a-z_]+${common}`));
    const scraped = parseResponse(
      await answerTo(dead('http'), 'GET /metrics HTTP/1.1\r\n\r\n'),
    ).body;
    expect(scraped).toMatch(/^probe_success\{label="mail gate"\} 0$/m);
  });

  test('in performance data of zones, each with its number', async () => {
    const two = Object.values(zones).flatMap((zone) => ['--zone', zone]);
    const rbl = ['rbl', '127.0.0.1', String(list.port), ...two, '--max-age', '1d'];
    const line = await answerTo([...rbl, '--reply', 'plugin']);
    expect(line).toMatch(/^RBL OK - mail gate/);
    expect(line).toMatch(/ zone_age_mail_gate_1=[\d.]+s.* zone_age_mail_gate_2=/);
  });

  test('in wrong usage', async () => {
    const wrong = ['tls', '--label=first', '127.0.0.1', '0', '--reply', 'plugin'];
    expect(await answerTo(wrong)).toMatch(/^TLS UNKNOWN - mail gate: .*'0' is invalid/);
  });
});
