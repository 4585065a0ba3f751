import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { executable, lbcheck, parseResponse } from '../support/executable.ts';
import { adapted, shownBlock } from '../support/pages.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { isListening, startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const aged = `$SOA 60 ns.x. m.x. 0 60 60 60 60\n${zoneFiles.good.text}`;
let list: Rbldnsd;
let rbl: readonly string[];
let tlsPort: number;
let closedPort: number;

beforeAll(async () => {
  closedPort = await freePort();
  list = await startRbldnsd(cleanUp, { 'a.example': { type: 'ip4set', text: aged } });
  rbl = ['rbl', '127.0.0.1', String(list.port), '--zone', 'a.example', '--timeout', '2'];
  const files = await directory(cleanUp);
  const [key, cert] = [join(files, 'key.pem'), join(files, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const names = ['-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...request, ...names], { stdio: 'ignore' });
  tlsPort = await freePort();
  const args = ['s_server', '-quiet', '-accept', `127.0.0.1:${tlsPort}`, '-key', key];
  await start(cleanUp, 'openssl', [...args, '-cert', cert]);
  await until('s_server listens', () => isListening(tlsPort));
});

/** Fails if promtool objects to an exposition. */
async function judge(text: string): Promise<void> {
  const command = { command: 'promtool', input: text };
  expect(await lbcheck(['check', 'metrics'], command)).toEqual({ code: 0, stdout: '', stderr: '' });
}

describe('promtool', () => {
  test.each<[string, () => readonly string[], readonly RegExp[]]>([
    [
      'rbl',
      () => [...rbl, '--max-age', '1d'],
      [
        /^probe_success 1$/m,
        /^probe_dns_serial\{zone="a\.example"\} \d{10}$/m,
        /^lbcheck_zone_age_seconds\{zone="a\.example"\} [\d.]+$/m,
        /^probe_dns_lookup_time_seconds [\d.e-]+$/m,
      ],
    ],
    ['rbl, slow', () => [...rbl, '-w', '@0:'], [/^lbcheck_status\{status="warning"\} 1$/m]],
    [
      'rbl, dead',
      () => ['rbl', '127.0.0.1', String(closedPort), '--zone', 'z.example'],
      [/^probe_success 0$/m],
    ],
    ['wrong usage', () => ['rbl', '--zone', 'a..b'], [/^lbcheck_status\{status="unknown"\} 1$/m]],
    [
      'tls',
      () => ['tls', '127.0.0.1', String(tlsPort)],
      [
        /^probe_success 1$/m,
        /^probe_ssl_earliest_cert_expiry \d{10}$/m,
        /^probe_tls_version_info\{version="TLS 1\.3"\} 1$/m,
        /^probe_tls_cipher_info\{cipher="TLS_[A-Z0-9_]+"\} 1$/m,
        /^lbcheck_handshake_time_seconds [\d.e-]+$/m,
      ],
    ],
    ['syn', () => ['syn', '127.0.0.1', String(tlsPort)], [/^probe_duration_seconds [\d.e-]+$/m]],
    [
      'exec',
      () => [
        'exec',
        '--',
        'printf',
        'OK | \'a "b" \\\\ ü\'=1.5e3KB;;;0 c=9c n=U t=9007199254740993c f=2.50m³/h h=1e999 p=.5 q=5.',
      ],
      [
        /^lbcheck_perfdata\{label="a \\"b\\" \\\\ ü",unit="KB"\} 1\.5e3$/m,
        /^lbcheck_perfdata\{label="c",unit="c"\} 9$/m,
        /^lbcheck_perfdata\{label="n",unit=""\} NaN$/m,
        /^lbcheck_perfdata\{label="t",unit="c"\} 9007199254740993$/m,
        /^lbcheck_perfdata\{label="f",unit="m³\/h"\} 2\.50$/m,
        /^lbcheck_perfdata\{label="h",unit=""\} \+Inf$/m,
      ],
    ],
  ])('finds nothing wrong with the metrics of %s', async (_what, args, lines) => {
    const [name = '', ...rest] = args();
    const input = 'GET /metrics HTTP/1.1\r\n\r\n';
    const scraped = await lbcheck([name, '--reply', 'http', ...rest], { input });
    const { status, body, fields } = parseResponse(scraped.stdout);
    expect(status).toBe(200);
    expect(fields['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of lines) expect(body).toMatch(line);
    await judge(body);
    await judge((await lbcheck([name, '--reply', 'prometheus', ...rest])).stdout);
  });
});

/** The value of a query to Prometheus; undefined if there is none yet. */
async function query(port: number, expression: string): Promise<string | undefined> {
  const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const answer = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return answer.data.result[0]?.value[1];
}

test('Prometheus scrapes xinetd and a resident, and sees the target die', async ({
  onTestFinished,
}) => {
  const critical = 'sum(lbcheck_status{status="critical"} and on(instance) (up == 1))';
  const xinetd = await startXinetd(onTestFinished, rbl.join(' '));
  const resident = await freePort();
  await start(onTestFinished, executable, [...rbl, '--listen', `127.0.0.1:${resident}`]);
  const files = await directory(onTestFinished, {
    'prometheus.yml': adapted(shownBlock('yaml prometheus'), {
      'scrape_interval: 15s': 'scrape_interval: 3s',
      'scrape_timeout: 5s': 'scrape_timeout: 3s',
      "['192.0.2.7:8088']": `['127.0.0.1:${xinetd.port}', '127.0.0.1:${resident}']`,
    }),
  });
  const port = await freePort();
  const prometheus = await start(onTestFinished, 'prometheus', [
    `--config.file=${join(files, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(files, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until('Prometheus is ready', async () => {
    if (prometheus.hasEnded()) throw new Error(prometheus.output());
    return fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  const seen = (expression: string) => query(port, expression);
  const soon = { timeout: 25_000, interval: 100 };

  await expect.poll(() => seen('sum(probe_success{job="lbcheck"})'), soon).toBe('2');
  process.kill(list.pid, 'SIGSTOP');
  await expect.poll(() => seen('sum(probe_success{job="lbcheck"})'), soon).toBe('0');
  await expect.poll(() => seen(critical), soon).toBe('2');
  process.kill(list.pid, 'SIGCONT');
  await expect.poll(() => seen('sum(probe_success{job="lbcheck"})'), soon).toBe('2');
}, 90_000);

/** The values of probe_success that node_exporter gives from the files of a directory, by target. */
async function collect(files: string): Promise<string[]> {
  const port = await freePort();
  await start(onTestFinished, 'prometheus-node-exporter', [
    '--collector.disable-defaults',
    '--collector.textfile',
    `--collector.textfile.directory=${files}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  await until('node_exporter listens', () => isListening(port));
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).toMatch(/^node_textfile_scrape_error 0$/m);
  return text.split('\n').filter((line) => line.startsWith('probe_success{'));
}

describe("node_exporter's textfile collector", () => {
  test('takes the files of the shown recipe, and that of a dead target', async () => {
    const files = await directory(onTestFinished);
    const script = adapted(shownBlock('sh textfile'), {
      'cd /var/lib/prometheus/node-exporter': `cd ${files}`,
      'lbcheck rbl 127.0.0.1 53 --zone dnsbl.example.org': `${executable} ${rbl.join(' ')}`,
      'lbcheck tls 127.0.0.1 443': `${executable} tls 127.0.0.1 ${tlsPort}`,
    });
    execFileSync('sh', ['-c', script], { stdio: 'ignore' });
    // A third, whose target is dead: it exits with 1.
    const dead = await lbcheck(['tls', '127.0.0.1', String(closedPort), '--reply', 'prometheus']);
    await writeFile(join(files, 'dead.prom'), dead.stdout);
    expect((await collect(files)).sort()).toEqual(
      [
        `probe_success{probe="rbl",target="127.0.0.1:${list.port} a.example --timeout 2"} 1`,
        `probe_success{probe="tls",target="127.0.0.1:${closedPort}"} 0`,
        `probe_success{probe="tls",target="127.0.0.1:${tlsPort}"} 1`,
      ].sort(),
    );
  });

  const check = (...args: readonly string[]) => args;
  const [list1, tls1] = [check('rbl', '127.0.0.1', '1'), check('tls', '127.0.0.1', '1')];

  /** Pairs of command lines that are different checks, though they are much alike. */
  const twins: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['a zone', check(...list1, '--zone', 'a.example'), check(...list1, '--zone', 'b.example')],
    [
      'a second zone',
      check(...list1, '--zone', 'a.example'),
      check(...list1, '--zone', 'a.example', '--zone', 'b.example'),
    ],
    [
      'the age of a zone',
      check(...list1, '--zone', 'a.example'),
      check(...list1, '--zone', 'a.example', '--max-age', '2h'),
    ],
    [
      'SNI',
      check(...tls1, '--servername', 'a.example'),
      check(...tls1, '--servername', 'b.example'),
    ],
    ['--require', tls1, check(...tls1, '--require', 'handshake')],
    ['thresholds', check(...tls1, '-w', '0.1'), check(...tls1, '-w', '0.2')],
    ['arguments of a plugin', check('exec', '--', 'false', '0'), check('exec', '--', 'false', '2')],
    [
      'a cut between them',
      check('exec', '--', 'false', 'a b'),
      check('exec', '--', 'false', 'a', 'b'),
    ],
    ['drain files', check(...tls1, '--drain-file', '/a'), check(...tls1, '--drain-file', '/b')],
    ['mistakes', check('tls', '127.0.0.1', '0'), check('tls', '127.0.0.1', '65536')],
    ['labels', check(...tls1, '--label', 'a'), check(...tls1, '--label', 'b')],
    ['labels of mistakes', check('tls', '--label', 'a'), check('tls', '--label', 'b')],
  ];

  test.each(twins)('keeps two checks apart that differ in %s', async (_what, one, other) => {
    const files = await directory(onTestFinished);
    for (const [name, [probe = '', ...rest]] of Object.entries({ one, other })) {
      const { stdout } = await lbcheck([probe, '--reply', 'prometheus', ...rest]);
      await writeFile(join(files, `${name}.prom`), stdout);
    }
    expect(await collect(files)).toHaveLength(2);
  });

  test('keeps performance data of two plugins with labels apart', async () => {
    const files = await directory(onTestFinished);
    for (const label of ['one', 'other']) {
      const args = ['exec', '--reply', 'prometheus', '--label', label, '--', 'echo', 'OK | a=1'];
      await writeFile(join(files, `${label}.prom`), (await lbcheck(args)).stdout);
    }
    expect(await collect(files)).toHaveLength(2);
    const texts = await Promise.all(
      ['one', 'other'].map((label) => readFile(join(files, `${label}.prom`), 'utf8')),
    );
    const samples = texts.flatMap((text) => text.match(/^lbcheck_perfdata\{.*$/gm) ?? []);
    expect(new Set(samples).size).toBe(2);
  });

  test('is not told arguments that may hold a password', async () => {
    const args = ['exec', '--reply', 'prometheus', '--', 'false', '--password', 'hunter2'];
    const { stdout } = await lbcheck(args);
    expect(stdout).toMatch(/^probe_success\{probe="exec",target="false #[0-9a-f]{8}"\} 0$/m);
    const wrong = await lbcheck(['exec', '--reply', 'prometheus', '--pasword', 'hunter2']);
    expect(stdout + wrong.stdout).not.toContain('hunter2');
  });
});
