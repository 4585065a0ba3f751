import { describe, expect, test } from 'vitest';
import { denySockets } from '../support/denied-sockets.ts';
import { executable, launched, launcher, lbcheck } from '../support/executable.ts';

describe('a socket that cannot be made', () => {
  test.each([
    ['IPv6', 'EAFNOSUPPORT', '::1', 2, '[::1]:443 is unreachable (EAFNOSUPPORT)'],
    ['IPv4', 'EAFNOSUPPORT', '127.0.0.1', 2, '127.0.0.1:443 is unreachable (EAFNOSUPPORT)'],
    ['IPv4', 'EMFILE', '127.0.0.1', 3, 'there was no room to ask 127.0.0.1:443 (EMFILE)'],
    ['IPv4', 'ENOBUFS', '127.0.0.1', 3, 'there was no room to ask 127.0.0.1:443 (ENOBUFS)'],
    ['IPv4', 'ENOMEM', '127.0.0.1', 3, 'there was no room to ask 127.0.0.1:443 (ENOMEM)'],
    ['IPv4', 'EPERM', '127.0.0.1', 3, 'there was no permission to ask 127.0.0.1:443 (EPERM)'],
    ['IPv6', 'EACCES', '::1', 3, 'there was no permission to ask [::1]:443 (EACCES)'],
  ] as const)('%s %s', async (family, errno, address, code, text) => {
    const args = [launcher, ...launched, 'tls', address, '443', '--reply', 'plugin'];
    const [command, ...rest] = denySockets(family, errno, args);
    const ending = await lbcheck(rest, { command, input: '' });
    expect(ending.stdout).toContain(text);
    expect(ending).toMatchObject({ code, stderr: '' });
  });
});

describe('the network of this machine', () => {
  const inNamespace = (setUp: string, address: string) => {
    const line = `${setUp}\n${executable} tls ${address} 443 --reply plugin -t 1 || echo $?`;
    const args = ['--map-root-user', '--net', 'sh', '-ec', line];
    return lbcheck(args, { command: 'unshare', input: '' });
  };

  test.each<[string, string, string, RegExp]>([
    ['has no route', '', '192.0.2.1', /CRITICAL - 192\.0\.2\.1:443 is unreachable \(ENETUNREACH\)/],
    ['has no route of IPv6', '', '2001:db8::1', /CRITICAL - \[2001:db8::1\]:443 is unreachable/],
    [
      'has a route to nowhere',
      'ip link set lo up; ip route add unreachable 192.0.2.1',
      '192.0.2.1',
      /CRITICAL - 192\.0\.2\.1:443 is unreachable \(EHOSTUNREACH\)/,
    ],
    [
      'has a route that forbids',
      'ip link set lo up; ip route add prohibit 192.0.2.1',
      '192.0.2.1',
      /UNKNOWN - there was no permission to ask 192\.0\.2\.1:443 \(EACCES\)/,
    ],
    [
      'has nobody who listens',
      'ip link set lo up',
      '127.0.0.1',
      /CRITICAL - nothing listens on 127\.0\.0\.1:443 \(connection refused\)/,
    ],
  ])('%s', async (_what, setUp, address, text) => {
    const { stdout } = await inNamespace(setUp, address);
    expect(stdout).toMatch(text);
    expect(stdout).toMatch(/CRITICAL .*\n2\n$|UNKNOWN .*\n3\n$/);
  });
});
