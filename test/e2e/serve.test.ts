import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck } from '../support/executable.ts';
import { directory, freePort } from '../support/programs.ts';
import { startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { ask } from '../support/resident.ts';
import { type Serve, shellCheck, startServe } from '../support/serve.ts';

const cleanUp = afterThisFile();
let serve: Serve;

const get = (path: string, fields = '') => ask(serve.port, `GET ${path} HTTP/1.1\r\n${fields}\r\n`);

beforeAll(async () => {
  const list = await startRbldnsd(cleanUp, { 'a.example': zoneFiles.good });
  const closed = await freePort();
  serve = await startServe(
    cleanUp,
    `# three of a machine
dnsbl rbl 127.0.0.1 ${list.port} --zone a.example
license tls 127.0.0.1 ${closed} --label "license server"
${shellCheck('slow', 'sleep 60', '--timeout 0.6')}
target syn {target}
`,
  );
});

describe('a request for', () => {
  test('one check is answered as if it were served alone', async () => {
    expect(await get('/dnsbl')).toMatchObject({
      status: 200,
      body: 'RBL is running.\na.example: lists 127.0.0.2 as 127.0.0.2\n',
    });
    const { status, body } = await get('/license');
    expect(status).toBe(503);
    expect(body).toMatch(/^TLS is not running or not accessible\.\n.*nothing listens/);
  });

  test('all checks tells the gravest status, and who is not ok', async () => {
    const { status, body } = await get('/');
    expect(status).toBe(503);
    const [verdict, reason, ...parts] = body.trimEnd().split('\n');
    expect(verdict).toBe('CHECKS is not running or not accessible.');
    expect(reason).toMatch(/^2 of 3 checks are not ok: license critical: .*; slow critical: /);
    expect(parts.map((line) => line.split(':')[0])).toEqual([
      'dnsbl ok',
      'license critical',
      'slow critical',
    ]);
  });

  test('another path is told the names', async () => {
    expect(await get('/nothing')).toMatchObject({
      status: 404,
      body: "There is no check 'nothing'. There is: dnsbl, license, slow, target.\n",
    });
  });

  test.each(['/dnsbl%2f', '/..', '/%2e%2e', '/dns/bl', '/dnsbl/x', '/%00', '/d%C3%A4', '/PROBE'])(
    '%s is none for a check',
    async (path) => {
      const { status } = await get(path);
      // Without its dot segments (RFC 3986 section 5.2.4) the path is that of all checks.
      expect(status).toBe(/^\/(\.|%2e)/.test(path) ? 503 : 404);
    },
  );

  test('json has one document with all', async () => {
    const { fields, body } = await get('/', 'Accept: application/json\r\n');
    expect(fields['content-type']).toBe('application/json');
    const { status, checks } = JSON.parse(body);
    expect(status).toBe('fail');
    expect(checks['dnsbl:status'][0]).toMatchObject({ status: 'pass' });
    expect(checks['license:status'][0]).toMatchObject({
      componentId: 'license server',
      status: 'fail',
      output: expect.stringContaining('nothing listens'),
    });
  });

  test('metrics has each family once, with the names of the checks', async () => {
    const { status, body } = await get('/metrics');
    expect(status).toBe(200);
    const families = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, family]) => family);
    expect(new Set(families).size).toBe(families.length);
    expect(body).toMatch(/^probe_success\{check="dnsbl"\} 1$/m);
    expect(body).toMatch(/^probe_success\{check="license",label="license server"\} 0$/m);
    expect(body).toMatch(/^lbcheck_build_info\{version="[\d.]+"\} 1$/m);
    const judged = await lbcheck(['check', 'metrics'], { command: 'promtool', input: body });
    expect(judged).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.each(['HEAD', 'OPTIONS'])('%s is answered as by every service', async (method) => {
    const { status } = await ask(serve.port, `${method} /dnsbl HTTP/1.1\r\n\r\n`);
    expect(status).toBe(200);
  });

  test('another method is refused', async () => {
    expect((await ask(serve.port, 'POST /dnsbl HTTP/1.1\r\n\r\n')).status).toBe(405);
  });
});

test('a dead target delays nobody else, and all checks by its deadline at most', async () => {
  const order: string[] = [];
  const all = get('/').then(() => order.push('all'));
  const one = get('/dnsbl').then(() => order.push('one'));
  await Promise.all([all, one]);
  expect(order).toEqual(['one', 'all']);
});

test('500 clients of all checks share the runs, while one target is blocked', async () => {
  const answers = await Promise.all(Array.from({ length: 500 }, () => get('/')));
  expect(answers.filter(({ status }) => status !== 503)).toEqual([]);
  expect((await get('/dnsbl')).status).toBe(200);
});

test('a scrape gets its answer before its timeout, though the deadline is longer', async () => {
  const held = await startServe(onTestFinished, shellCheck('slow', 'sleep 60', '--timeout 60'));
  const timeout = 'X-Prometheus-Scrape-Timeout-Seconds: 1.5\r\n';
  const start = performance.now();
  const { status, body } = await ask(held.port, `GET /metrics HTTP/1.1\r\n${timeout}\r\n`);
  expect(status).toBe(200);
  expect(body).toMatch(/^probe_success\{check="slow"\} 0$/m);
  expect(performance.now() - start).toBeLessThan(30_000);
});

describe('--test', () => {
  const run = async (text: string) => {
    const path = `${await directory(onTestFinished, { checks: text })}/checks`;
    const ending = await lbcheck(['serve', path, '--test']);
    return { ...ending, stderr: ending.stderr.replaceAll(path, 'checks') };
  };

  test('prints a table of the checks', async () => {
    expect(await run('dnsbl rbl 192.0.2.7 --zone a.example -t 1 --label "the list"')).toEqual({
      code: 0,
      stdout: [
        'NAME   PROBE  TARGET        DEADLINE  LABEL',
        'dnsbl  rbl    192.0.2.7:53  1 s       the list',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('prints all mistakes with their places, and ends with 3', async () => {
    const { code, stdout, stderr } = await run('a syn h 0\n\nb rbl --zone "x y"\nmetrics syn h 1');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr.split('\n').map((line) => /^checks:\d+:\d+/.exec(line)?.[0])).toEqual([
      ...['checks:1:9', 'checks:3:14', 'checks:4:1', undefined],
    ]);
  });
});

describe('a wrong file', () => {
  test('is answered over HTTP with the first mistake, and reported on stderr', async () => {
    const path = `${await directory(onTestFinished, { checks: 'a nothing\nb nothing\n' })}/checks`;
    const { code, stdout, stderr } = await lbcheck(['serve', path], {
      input: 'GET / HTTP/1.1\r\n\r\n',
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^HTTP\/1\.1 503 /);
    expect(stdout).toContain(":1:3: there is no probe 'nothing'.");
    expect(stdout).toContain('and 1 more mistake');
    expect(stderr).toContain(":1:3: there is no probe 'nothing'.");
  });

  test.each([
    [['serve'], "missing required argument 'FILE'"],
    [['serve', 'a', 'b'], 'too many arguments'],
    [['serve', 'a', '--allow-targets', '300.0.0.0/8'], "'300.0.0.0/8' is invalid"],
    [['serve', 'a', '--log', 'nowhere'], "'nowhere' is invalid"],
    [['serve', 'a', '--hold', '3'], "unknown option '--hold'"],
  ])('or wrong usage is told: %j', async (args, message) => {
    const { code, stdout } = await lbcheck([...args, '--reply', 'plugin']);
    expect(code).toBe(3);
    expect(stdout).toContain(message);
  });
});
