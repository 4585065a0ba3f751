import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { executable, launched, launcher, lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

const run = promisify(execFile);

/** A host of its own, with files over the system's, whose only neighbour never answers. */
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

test('a name is one address: the first of /etc/hosts, IPv4 and IPv6 alike', async ({
  onTestFinished,
}) => {
  const files = await directory(onTestFinished, {
    hosts: '# a comment\n::1 other.example\n192.0.2.5 rbl.example\n127.0.0.1 rbl.example\n',
  });
  const words = 'rbl RBL.example. 53 --zone list.example -t 0.3 --reply plugin';
  const { stdout, code } = await alone(
    { '/etc/hosts': join(files, 'hosts') },
    `${executable} ${words}`,
  );
  expect(stdout).toMatch(
    /^RBL CRITICAL - list\.example: no answer from 192\.0\.2\.5:53 \| time=0\.3\d*s;;;0;0\.3\n$/,
  );
  expect(code).toBe(2);
});

test('a dead resolver does not outlast the deadline', async ({ onTestFinished }) => {
  const files = await directory(onTestFinished, { resolv: 'nameserver 192.0.2.9\n' });
  const words = 'rbl rbl.example 53 --zone list.example -t 0.4 --reply plugin';
  const start = Date.now();
  const { stdout, code } = await alone(
    { '/etc/resolv.conf': join(files, 'resolv') },
    `${executable} ${words}`,
  );
  expect(stdout).toMatch(
    'RBL CRITICAL - rbl.example did not resolve to an address in time | time=',
  );
  expect(code).toBe(2);
  // glibc alone would go on for ten seconds.
  expect(Date.now() - start).toBeLessThan(4000);
});

test('a name that nobody knows is critical', async ({ onTestFinished }) => {
  const files = await directory(onTestFinished, { nsswitch: 'hosts: files\n' });
  const words = 'rbl rbl.example 53 --zone list.example --reply plugin';
  const { stdout, code } = await alone(
    { '/etc/nsswitch.conf': join(files, 'nsswitch') },
    `${executable} ${words}`,
  );
  expect(stdout).toMatch('RBL CRITICAL - rbl.example does not resolve to an address | time=');
  expect(code).toBe(2);
});

test('a machine without getent cannot look a name up: unknown', async ({ onTestFinished }) => {
  const words = ['rbl', 'no-such-host.invalid', '--zone', 'list.example', '--reply', 'plugin'];
  const { stdout, code } = await lbcheck([...launched, ...words], {
    command: launcher,
    input: '',
    env: { PATH: await directory(onTestFinished) },
  });
  expect(stdout).toMatch(/^RBL UNKNOWN - getent, which looks names up, did not start: .*ENOENT/);
  expect(code).toBe(3);
});

test('localhost is the list server on this machine', async ({ onTestFinished }) => {
  const list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  onTestFinished(list.close);
  const { stdout } = await lbcheck([
    ...['rbl', 'localhost', String(list.port), '--zone', 'list.example', '--reply', 'plugin'],
  ]);
  expect(stdout).toMatch(/^RBL OK/);
});
