import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { executable, lbcheck, parseResponse } from '../support/executable.ts';
import { directory } from '../support/programs.ts';
import {
  firewalled,
  makeNamespace,
  type Namespace,
  ownAddress,
  runInside,
  startCounting,
  synInside,
} from '../support/syn-namespace.ts';

const cleanUp = afterThisFile();
let namespace: Namespace;
beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
  const places = ['127.0.0.1', 25, '127.0.0.1', 65535, '::1', 25, '::1', 65535];
  await startCounting(cleanUp, namespace, ...places);
});

/** The line of the plugin, without perfdata. */
const summaryOf = (stdout: string) => /^(.*?)(?: \| .*)?\n$/.exec(stdout)?.[1];

describe('the default engine, with privilege,', () => {
  test.each<[string, readonly (string | number)[], number, string]>([
    ['an open port', ['127.0.0.1', 25], 0, 'SYN OK - 127.0.0.1:25 is open (syn-ack)'],
    ['a closed port', ['127.0.0.1', 26], 2, 'SYN CRITICAL - 127.0.0.1:26 is closed (reset)'],
    ['the last port', ['127.0.0.1', 65535], 0, 'SYN OK - 127.0.0.1:65535 is open (syn-ack)'],
    [
      'the last port, with its neighbour',
      ['127.0.0.1', 65535, '--adjacent', 'always'],
      0,
      'SYN OK - 127.0.0.1:65535 is open (syn-ack)',
    ],
    [
      'a port, with its neighbour',
      ['127.0.0.1', 25, '--adjacent=always'],
      0,
      'SYN OK - 127.0.0.1:25 is open (syn-ack)',
    ],
    [
      'the neighbour of an open port',
      ['127.0.0.1', 24, '--adjacent=always'],
      2,
      'SYN CRITICAL - 127.0.0.1:24 is closed (reset)',
    ],
    ['an open port of IPv6', ['::1', 65535], 0, 'SYN OK - [::1]:65535 is open (syn-ack)'],
    ['a closed port of IPv6', ['0:0::1', 26], 2, 'SYN CRITICAL - [0:0::1]:26 is closed (reset)'],
    ['a name', ['localhost', 25], 0, 'SYN OK - 127.0.0.1:25 is open (syn-ack)'],
    [
      'a prohibited port',
      [ownAddress, firewalled.prohibited],
      2,
      `SYN CRITICAL - ${ownAddress}:2003 is filtered (admin-prohibited)`,
    ],
    [
      'a prohibited port of IPv6',
      ['::1', firewalled.prohibited],
      2,
      'SYN CRITICAL - [::1]:2003 is filtered (admin-prohibited)',
    ],
    [
      'a dropped port',
      ['127.0.0.1', firewalled.dropped],
      2,
      'SYN CRITICAL - 127.0.0.1:2001 is filtered (no-response)',
    ],
    [
      'a dropped port, once',
      ['127.0.0.1', firewalled.dropped, '--adjacent=never'],
      2,
      'SYN CRITICAL - 127.0.0.1:2001 is filtered (no-response)',
    ],
    [
      'a dropped port of IPv6',
      ['::1', firewalled.dropped],
      2,
      'SYN CRITICAL - [::1]:2001 is filtered (no-response)',
    ],
    [
      'a host that is down',
      ['192.0.2.9', 25],
      2,
      // The kernel knows that nobody answers its ARP; nmap does not see that.
      'SYN CRITICAL - 192.0.2.9:25 is filtered (host-unreach)',
    ],
  ])('knows %s', async (_what, args, code, summary) => {
    const answer = await synInside(namespace, ...args.map(String), '-t', '5');
    expect(summaryOf(answer.stdout)).toBe(summary);
    expect(answer).toMatchObject({ code, stderr: '' });
  });

  test('finds no way to a network without a route', async () => {
    const { code, stdout } = await synInside(namespace, '203.0.113.5', '25');
    expect(stdout).toMatch(/^SYN CRITICAL - 203\.0\.113\.5:25 cannot be reached: no route to it/);
    expect(code).toBe(2);
  });

  test('knows `filtered` inside of the default deadline', async () => {
    const start = performance.now();
    const { stdout } = await synInside(namespace, '127.0.0.1', String(firewalled.dropped));
    expect(stdout).toMatch('is filtered (no-response)');
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test('is behind an answer over HTTP too', async () => {
    const { stdout, code } = await runInside(
      namespace,
      executable,
      'syn',
      '127.0.0.1',
      '25',
      '--reply',
      'http',
    );
    const { status, body } = parseResponse(stdout);
    expect(body).toBe('SYN is running.\n127.0.0.1:25 is open (syn-ack)\n');
    expect({ status, code }).toEqual({ status: 200, code: 0 });
  });
});

describe('perfdata of a check', () => {
  test('has the time with thresholds, minimum and maximum', async () => {
    const args = ['127.0.0.1', '25', '-t', '4', '-w', '3', '-c', '@5:9'];
    const { stdout, code } = await synInside(namespace, ...args);
    expect(stdout).toMatch(/^[^|]+ \| time=0\.\d{1,6}s;3;@5:9;0;4\n$/);
    expect(code).toBe(0);
  });

  test.each([
    ['-w', '0', 1, 'WARNING'],
    ['-c', '0', 2, 'CRITICAL'],
    ['-w', '@~:', 1, 'WARNING'],
    ['-c', '10:', 2, 'CRITICAL'],
    ['-w', '~:10', 0, 'OK'],
  ])('%s %s has exit code %s', async (option, range, code, word) => {
    const answer = await synInside(namespace, '127.0.0.1', '25', '-t', '5', option, range);
    expect(answer.stdout).toMatch(`SYN ${word} - 127.0.0.1:25 is open`);
    expect(answer.code).toBe(code);
  });
});

describe('without privilege', () => {
  let copy: string;
  beforeAll(async () => {
    copy = join(await directory(cleanUp), 'lbcheck');
    await copyFile(executable, copy);
    await chmod(copy, 0o755);
  });

  /** Runs a copy that everybody may read as nobody, which takes root. */
  async function asNobody(args: readonly string[], capabilities: readonly string[] = []) {
    const nobody = ['--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', ...capabilities];
    const [command, ...enter] = namespace.enterAsRoot;
    const all = [...enter, 'setpriv', ...nobody, '--no-new-privs', copy, 'syn', ...args];
    return lbcheck([...all, '--reply', 'plugin'], { command, input: '' });
  }

  test.each([
    [['127.0.0.1', '25'], 0, 'SYN OK - 127.0.0.1:25 is open (syn-ack)'],
    [['::1', '65535'], 0, 'SYN OK - [::1]:65535 is open (syn-ack)'],
    [['127.0.0.1', '26'], 2, 'SYN CRITICAL - 127.0.0.1:26 is closed (reset)'],
    [['127.0.0.1', '2001'], 2, 'SYN CRITICAL - 127.0.0.1:2001 is filtered (no-response)'],
    [['127.0.0.1', '2003'], 2, 'SYN CRITICAL - 127.0.0.1:2003 is filtered (admin-prohibited)'],
    [['::1', '2003'], 2, 'SYN CRITICAL - [::1]:2003 is filtered (admin-prohibited)'],
    [['203.0.113.5', '25'], 2, 'SYN CRITICAL - 203.0.113.5:25 is unreachable (ENETUNREACH)'],
  ])('the kernel is asked: %j', async (args, code, summary) => {
    const answer = await asNobody([...args, '-t', '2']);
    expect(summaryOf(answer.stdout)).toBe(summary);
    expect(answer).toMatchObject({ code, stderr: '' });
  });

  test('--engine nmap finds nothing out, and the answer tells what nmap needs', async () => {
    const { code, stdout, stderr } = await asNobody(['127.0.0.1', '25', '--engine', 'nmap']);
    expect(stdout).toMatch(/^SYN UNKNOWN - nmap needs root or CAP_NET_RAW for a half-open check: /);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  });

  test('CAP_NET_RAW alone is enough for nmap', async () => {
    const capabilities = ['--inh-caps', '+net_raw', '--ambient-caps', '+net_raw'];
    const { stdout } = await asNobody(['127.0.0.1', '25', '--engine', 'nmap'], capabilities);
    expect(stdout).toMatch(/^SYN OK - 127\.0\.0\.1:25 is open/);
  });
});
