import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck, parseResponse } from '../support/executable.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { isListening } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const soa = '$SOA 60 ns.x. m.x. 0 60 60 60 60\n';
let list: Rbldnsd;
let rbl: readonly string[];

beforeAll(async () => {
  list = await startRbldnsd(cleanUp, {
    'good.example': { type: 'ip4set', text: soa + zoneFiles.good.text },
  });
  rbl = ['rbl', '127.0.0.1', String(list.port), '--zone', 'good.example'];
});

/** What the plugin prints: its first line, and the other lines without their times. */
async function runPlugin(args: readonly string[]) {
  const [probe = '', ...rest] = args;
  const { stdout, stderr } = await lbcheck([probe, '--reply', 'plugin', ...rest]);
  expect(stderr).toBe('');
  const [first = '', ...more] = stdout.trimEnd().split('\n');
  return { first, steps: more.map((line) => line.replace(/^\d+\.\d ms: /, '')), lines: more };
}

describe('rbl -v', () => {
  test('tells each question and its answer, with times that only grow', async () => {
    const { first, steps, lines } = await runPlugin([...rbl, '-v']);
    expect(first).toMatch(/^RBL OK - good\.example: lists 127\.0\.0\.2 .* \| time=/);
    expect(steps).toEqual(
      expect.arrayContaining([
        'asked 2.0.0.127.good.example A',
        'asked 1.0.0.127.good.example A',
        expect.stringMatching(
          /^2\.0\.0\.127\.good\.example A: NOERROR, authoritative; answer: 2\.0\.0\.127\.good\.example \d+ A 127\.0\.0\.2$/,
        ),
        '1.0.0.127.good.example A: NXDOMAIN, authoritative, no answer',
      ]),
    );
    const times = lines.map((line) => Number(/^(\d+\.\d) ms: /.exec(line)?.[1]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('is one line without it, and the name of a host is a step', async () => {
    expect((await runPlugin(rbl)).lines).toEqual([]);
    const { steps } = await runPlugin(['rbl', 'localhost', ...rbl.slice(2), '-4', '-v']);
    expect(steps[0]).toBe('looked up localhost: 127.0.0.1');
  });

  test('tells that a name has no address, in words', async () => {
    const { steps } = await runPlugin(['rbl', 'nothing.invalid', ...rbl.slice(2), '-v']);
    expect(steps).toEqual(['looked up nothing.invalid: it has no address']);
  });

  test('does not call a primary silent that it did not wait for', async () => {
    const primary = createSocket('udp4');
    onTestFinished(() => void primary.close());
    await new Promise<void>((done) => primary.bind(0, '127.0.0.1', done));
    const args = ['--zone', 'other.example', '--primary', `127.0.0.1:${primary.address().port}`];
    const { first, steps } = await runPlugin([...rbl.slice(0, 3), ...args, '-v']);
    expect(first).toMatch('refused');
    expect(steps).toContain('primary: asked other.example SOA');
    expect(steps.at(-1)).toBe('primary: no longer waited for');
    expect(steps.join('\n')).not.toMatch('no answer from');
  });

  test('tells more with -vv, and the messages with -vvv', async () => {
    const hasHex = (steps: readonly string[]) =>
      steps.some((step) => /^sends [0-9a-f]+$/.test(step));
    const all = await runPlugin([...rbl, '-vvv']);
    expect(hasHex(all.steps)).toBe(true);
    const some = await runPlugin([...rbl, '-v', '--verbose']);
    expect(hasHex(some.steps)).toBe(false);
    expect(some.steps.join('\n')).toMatch(/authorities: good\.example \d+ SOA/);
  });

  test('stands behind the reason of http, and nowhere in JSON and metrics', async () => {
    const ask = async (...lines: readonly string[]) => {
      const input = `${lines.join('\r\n')}\r\n\r\n`;
      return parseResponse((await lbcheck([...rbl, '-v', '--reply', 'http'], { input })).stdout)
        .body;
    };
    const [verdict, reason, step] = (await ask('GET / HTTP/1.1')).split('\n');
    expect(verdict).toBe('RBL is running.');
    expect(reason).toMatch(/^good\.example: lists/);
    expect(step).toMatch(/^\d+\.\d ms: asked /);
    expect(await ask('GET / HTTP/1.1', 'Accept: application/json')).not.toMatch('asked');
    expect(await ask('GET /metrics HTTP/1.1')).not.toMatch('asked');
  });

  test('is 40 lines at most', async () => {
    const zones = Array.from({ length: 60 }, (_unused, index) => ['--zone', `z${index}.example`]);
    const { lines } = await runPlugin([...rbl, ...zones.flat(), '-v', '-t', '5']);
    expect(lines).toHaveLength(40);
    expect(lines.at(-1)).toBe('...');
  });

  test.each(['-v', '-vv', '-vvv'])(
    '%s hides the name of a zone behind a label',
    async (verbose) => {
      const { lines } = await runPlugin([...rbl, verbose, '--label', 'paid', '--max-age', '1d']);
      expect(lines.length).toBeGreaterThan(4);
      expect(lines.join('\n')).not.toMatch('good');
      expect(lines.join('\n')).not.toMatch(Buffer.from('good').toString('hex'));
      expect(lines.join('\n')).toMatch('asked 2.0.0.127.paid A');
    },
  );
});

describe('tls -v', () => {
  let files: string;
  beforeAll(async () => {
    files = await directory(cleanUp);
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const out = ['-nodes', '-subj', '/CN=front', '-keyout', join(files, 'key'), '-out'];
    await lbcheck([...request, ...out, join(files, 'cert')], { command: 'openssl', input: '' });
  });
  const serve = async (...more: readonly string[]) => {
    const port = await freePort();
    const pair = ['-key', join(files, 'key'), '-cert', join(files, 'cert')];
    await start(onTestFinished, 'openssl', [
      ...['s_server', '-quiet', '-accept', `127.0.0.1:${port}`, ...pair, ...more],
    ]);
    await until('s_server listens', () => isListening(port));
    return String(port);
  };

  test('tells connection, handshake and certificates', async () => {
    const { steps } = await runPlugin(['tls', '127.0.0.1', await serve(), '-v']);
    expect(steps[0]).toBe('connected, sends its ClientHello');
    expect(steps[1]).toMatch(/^handshake completed, TLSv1\.3 with TLS_/);
    expect(steps.join('\n')).toMatch(/^received \d+ bytes$/m);
    expect(steps.at(-1)).toMatch(
      /^certificate 1 of 1: front, issued by front, valid \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d$/,
    );
  });

  test('names the alert of a server that demands a certificate', async () => {
    const port = await serve('-tls1_2', '-Verify', '1', '-verify_return_error');
    const { steps } = await runPlugin(['tls', '127.0.0.1', port, '-v']);
    expect(steps.join('\n')).toMatch(/^received \d+ bytes, alert handshake failure$/m);
  });

  test('shows where the time went when the server is blocked', async () => {
    const server = createServer(() => {});
    const port = await freePort();
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    onTestFinished(() => {
      server.close();
    });
    const { first, steps } = await runPlugin(['tls', '127.0.0.1', String(port), '-v', '-t', '2']);
    expect(first).toMatch(/^TLS CRITICAL - .* blocked/);
    const expected = ['connected, sends its ClientHello', 'the deadline ended it'];
    expect(steps).toEqual([...expected, 'received 0 bytes']);
  });
});

describe('exec -v', () => {
  test('shows what a plugin printed, then its end, and never its arguments', async () => {
    const script = 'printf "OK - fine\\ntwo \\033[31mred\\033[0m\\nthree\\n"; echo why >&2; exit 0';
    const plugin = ['--', 'sh', '-c', script, 'hunter2'];
    const { first, steps } = await runPlugin(['exec', '-vv', ...plugin]);
    expect(first).toMatch(/^EXEC OK - fine \| time=/);
    expect(steps).toEqual([
      ...['two red', 'three', 'runs sh with 3 arguments', 'sh ended with exit code 0'],
      'its stderr: why',
    ]);
  });

  test.each([
    [['--', 'sleep', '60'], 'sleep did not end before the deadline', '1 argument'],
    [['--', '/nowhere'], /^cannot run '\/nowhere': there is no such program/, '0 arguments'],
  ])('tells why there is no end of %j', async ([...plugin], why, given) => {
    const { first, steps } = await runPlugin(['exec', '-vv', '-t', '0.5', ...plugin]);
    expect(first).toMatch(steps[1] ?? 'a second step');
    expect(steps).toEqual([`runs ${plugin[1]} with ${given}`, expect.stringMatching(why)]);
  });
});

describe.runIf(process.getuid?.() === 0)('syn -v', () => {
  test("shows nmap's command line and what it found", async () => {
    const port = String(await freePort());
    const { steps } = await runPlugin(['syn', '127.0.0.1', port, '-v', '-t', '5']);
    const text = steps.join('\n');
    expect(text).toMatch(new RegExp(`^runs nmap -sS .* -p ${port} -oX - 127\\.0\\.0\\.1$`, 'm'));
    expect(text).toMatch(/^nmap: closed \(reset\)$/m);
  });
});
