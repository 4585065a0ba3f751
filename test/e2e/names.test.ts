import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { executable, isNative, launched, launcher, lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

const run = promisify(execFile);

/**
 * Runs a command on a separate host: with these files in place of the system's, and one neighbour that
 * never answers.
 */
async function alone(files: Readonly<Record<string, string>>, command: string) {
  const mounts = Object.entries(files).map(([path, file]) => `mount --bind ${file} ${path}`);
  const steps = [
    'ip link add dead0 type veth peer name dead1',
    'ip addr add 192.0.2.1/24 dev dead0',
    'ip link set dead0 up',
    'ip link set dead1 up',
    ...mounts,
    `exec ${command}`,
  ];
  return run('unshare', [
    '--map-root-user',
    '--net',
    '--mount',
    'sh',
    '-c',
    steps.join(' && '),
  ]).catch((error) => error);
}

/** The line of one rbl check. These files of the system decide what its HOST resolves to. */
async function summaryOf(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const all = [executable, 'rbl', ...args, '--zone', 'list.example', '--reply', 'plugin'];
  const { stdout } = await alone(files, all.join(' '));
  return String(stdout).replace(/ \|.*\n$/, '');
}

test('a name of one line in /etc/hosts is its address', async () => {
  const hosts = '# a comment\n::1 other.example\n192.0.2.5 rbl.example\n';
  const files = await directory(onTestFinished, { hosts });
  const over = { '/etc/hosts': join(files, 'hosts') };
  expect(await summaryOf(over, 'RBL.example.', '53', '-t', '2')).toBe(
    'RBL CRITICAL - list.example: no answer from 192.0.2.5:53',
  );
});

test('a name of several lines in /etc/hosts is what the system would connect to first', async () => {
  // There is no route to the first.
  const hosts = '2001:db8::5 rbl.example\n192.0.2.5 rbl.example\n';
  const files = await directory(onTestFinished, { hosts, nsswitch: 'hosts: files\n' });
  const over = {
    '/etc/hosts': join(files, 'hosts'),
    '/etc/nsswitch.conf': join(files, 'nsswitch'),
  };
  for (const [host, options, summary] of [
    ['rbl.example', [], 'no answer from 192.0.2.5:53'],
    ['rbl.example.', [], 'no answer from 192.0.2.5:53'],
    ['rbl.example', ['-4'], 'no answer from 192.0.2.5:53'],
    ['rbl.example', ['-6'], '[2001:db8::5]:53 is unreachable'],
  ] as const) {
    const summaryLine = await summaryOf(over, host, '53', '-t', '2', ...options);
    expect(summaryLine).toContain(`RBL CRITICAL - list.example: ${summary}`);
  }
});

test('a name without an address of the family asked for is critical', async () => {
  const hosts = '192.0.2.5 rbl.example\n';
  const files = await directory(onTestFinished, { hosts, nsswitch: 'hosts: files\n' });
  const over = {
    '/etc/hosts': join(files, 'hosts'),
    '/etc/nsswitch.conf': join(files, 'nsswitch'),
  };
  expect(await summaryOf(over, '-6', 'rbl.example')).toBe(
    'RBL CRITICAL - rbl.example does not resolve to an IPv6 address',
  );
});

test('an /etc/hosts that is a FIFO does not hold the check past its deadline', async () => {
  const files = await directory(onTestFinished);
  await run('mkfifo', [join(files, 'hosts')]);
  const start = Date.now();
  const summaryLine = await summaryOf(
    { '/etc/hosts': join(files, 'hosts') },
    'rbl.example',
    '-t',
    '2',
  );
  expect(summaryLine).toBe('RBL CRITICAL - rbl.example did not resolve to an address in time');
  expect(Date.now() - start).toBeLessThan(8000);
});

test('an /etc/hosts of 500,000 lines is read in time', async () => {
  const lines = Array.from({ length: 500_000 }, (_, line) => `0.0.0.0 ad${line}.example\n`);
  const hosts = [...lines, '192.0.2.5 rbl.example\n'].join('');
  const files = await directory(onTestFinished, { hosts });
  const summaryLine = await summaryOf(
    { '/etc/hosts': join(files, 'hosts') },
    'rbl.example',
    '-t',
    '3',
  );
  expect(summaryLine).toBe('RBL CRITICAL - list.example: no answer from 192.0.2.5:53');
});

test('a dead resolver does not outlast the deadline', async () => {
  const files = await directory(onTestFinished, { resolv: 'nameserver 192.0.2.9\n' });
  const args = 'rbl rbl.example 53 --zone list.example -t 2 --reply plugin';
  const start = Date.now();
  const { stdout, code } = await alone(
    { '/etc/resolv.conf': join(files, 'resolv') },
    `${executable} ${args}`,
  );
  expect(stdout).toMatch(
    'RBL CRITICAL - rbl.example did not resolve to an address in time | time=',
  );
  expect(code).toBe(2);
  // glibc alone would continue for ten seconds.
  expect(Date.now() - start).toBeLessThan(8000);
});

test('a name that nobody knows is critical', async () => {
  const files = await directory(onTestFinished, { nsswitch: 'hosts: files\n' });
  const args = 'rbl rbl.example 53 --zone list.example --reply plugin';
  const { stdout, code } = await alone(
    { '/etc/nsswitch.conf': join(files, 'nsswitch') },
    `${executable} ${args}`,
  );
  expect(stdout).toMatch('RBL CRITICAL - rbl.example does not resolve to an address | time=');
  expect(code).toBe(2);
});

test.each([
  ['without getent', undefined],
  ['with a getent that has no ahosts', 'echo "Unknown database: $1" >&2; exit 1'],
])('a machine %s asks its nameserver itself', async (_what, getent) => {
  const resolv = 'nameserver 127.0.0.1\nsearch lan.example\n';
  const files = await directory(onTestFinished, { resolv });
  const path = await directory(onTestFinished, { getent: `#!/bin/sh\n${getent}\n` });
  if (getent !== undefined) await chmod(join(path, 'getent'), 0o755);
  const nameserver = resolve(import.meta.dirname, '../fixtures/nameserver.cjs');
  const args = 'rbl mx 53 --zone list.example -t 2 --reply plugin';
  const { stdout } = await alone(
    { '/etc/resolv.conf': join(files, 'resolv') },
    `sh -c 'ip link set lo up
      ${process.execPath} ${nameserver} mx.lan.example 192.0.2.5 2>${files}/log & server=$!
      until grep -q listening ${files}/log; do sleep 0.05; done
      PATH=${path} ${[launcher, ...launched].join(' ')} ${args}
      kill $server'`,
  );
  expect(stdout).toMatch(/^RBL CRITICAL - list\.example: no answer from 192\.0\.2\.5:53 /);
});

test('a machine whose nameserver is silent is no slower without getent', async () => {
  const files = await directory(onTestFinished, { resolv: 'nameserver 192.0.2.9\n' });
  const args = 'rbl rbl.example --zone list.example -t 2 --reply plugin';
  const start = Date.now();
  const { stdout } = await alone(
    { '/etc/resolv.conf': join(files, 'resolv') },
    `env PATH=/nonexistent ${[launcher, ...launched].join(' ')} ${args}`,
  );
  expect(stdout).toMatch('RBL CRITICAL - rbl.example did not resolve to an address in time');
  expect(Date.now() - start).toBeLessThan(8000);
});

test('an IPv4-mapped address, and a name with one in /etc/hosts, is its IPv4 address', async () => {
  const files = await directory(onTestFinished, { hosts: '::ffff:192.0.2.5 rbl.example\n' });
  for (const host of ['rbl.example', '::ffff:192.0.2.5', '::FFFF:C000:0205']) {
    const summaryLine = await summaryOf({ '/etc/hosts': join(files, 'hosts') }, host, '-t', '2');
    expect(summaryLine).toBe('RBL CRITICAL - list.example: no answer from 192.0.2.5:53');
  }
});

test.each<readonly [string, string]>([
  ['br_lan', 'rbl fe80::1%br_lan 53 --zone list.example'],
  // Node opens no TCP connection to an address with such a name.
  ...(isNative ? [['br_lan', 'tls fe80::1%br_lan 443'] as const] : []),
  ['br.1-x', 'tls fe80::1%br.1-x 443'],
  ['br.1-x', 'rbl fe80::1%$number 53 --zone list.example'],
  ['br.1-x', 'tls fe80::1%$number 443'],
])('a link-local address keeps its interface %s: %s', async (name, args) => {
  const { stdout } = await alone(
    {},
    `sh -c 'ip link add ${name} type veth peer name wire_1
      ip addr add fe80::1/64 dev ${name} nodad
      ip link set lo up; ip link set ${name} up; ip link set wire_1 up
      number=$(ip -o link show ${name}); number=\${number%%:*}
      ${executable} ${args} --reply plugin'`,
  );
  expect(stdout).toMatch(
    new RegExp(`CRITICAL - .*(refused|nothing listens).* \\[fe80::1%${name}\\]:(53|443)`),
  );
});

test('localhost is the list server on this machine', async () => {
  const list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  onTestFinished(list.close);
  const { stdout } = await lbcheck([
    ...['rbl', 'localhost', String(list.port), '--zone', 'list.example', '--reply', 'plugin'],
  ]);
  expect(stdout).toMatch(/^RBL OK/);
});
