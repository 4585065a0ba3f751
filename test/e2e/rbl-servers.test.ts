import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { denySockets } from '../support/denied-sockets.ts';
import { startBind, startDnsdist, startPowerDns, zoneFile } from '../support/dns-programs.ts';
import { reply } from '../support/dns-server.ts';
import { environment, executable, lbcheck } from '../support/executable.ts';
import { openDnsServer } from '../support/open-servers.ts';
import { listedAs, nameIn } from '../support/rbl.ts';
import { startRbldnsd, type ZoneFile, zoneFiles } from '../support/rbldnsd.ts';

const cleanUp = afterThisFile();

interface Server {
  readonly port: number;
}

/** What the plugin prints about a server on loopback. */
async function ask({ port }: Server, ...args: readonly string[]) {
  const all = ['rbl', '127.0.0.1', String(port), '--reply', 'plugin', '-t', '10', ...args];
  const { stdout, stderr } = await lbcheck(all);
  return stdout.replace(/ \| time=[^\n]*/, '').trimEnd() + stderr;
}

const zonesOf = (...zones: readonly string[]) => zones.flatMap((zone) => ['--zone', zone]);

describe('BIND that serves no other zone', () => {
  let bind: Server;
  beforeAll(async () => {
    bind = await startBind(cleanUp, {
      'cname.test': zoneFile(1, '2.0.0.127 CNAME listed.elsewhere.example.'),
      'wildcard.test': zoneFile(1, '*.127 CNAME listed.elsewhere.example.'),
      'dname.test': zoneFile(1, '127 DNAME 127.elsewhere.example.'),
      'near.test': zoneFile(1, '2.0.0.127 CNAME listed.other.test.'),
      'moved.test': zoneFile(1, '127 DNAME 127.other.test.'),
      'empty.test': zoneFile(1, '2.0.0.127 CNAME absent.other.test.'),
      'other.test': zoneFile(1, 'listed A 127.0.0.2', '2.0.0.127 A 127.0.0.3'),
    });
  });

  test.each([
    ['cname.test', 'listed.elsewhere.example'],
    ['wildcard.test', 'listed.elsewhere.example'],
    ['dname.test', '2.0.0.127.elsewhere.example'],
  ])('tells where the alias in %s leads to', async (zone, target) => {
    expect(await ask(bind, '--zone', zone)).toBe(
      `RBL CRITICAL - ${zone}: alias for ${target}, which this server does not answer`,
    );
  });

  test.each([
    ['near.test', 'OK - near.test: lists 127.0.0.2 as 127.0.0.2'],
    ['moved.test', 'OK - moved.test: lists 127.0.0.2 as 127.0.0.3'],
    [
      'empty.test',
      'CRITICAL - empty.test: does not list its test entry 127.0.0.2 (alias for absent.other.test: NXDOMAIN)',
    ],
  ])('answers the alias in %s', async (zone, text) => {
    expect(await ask(bind, '--zone', zone)).toBe(`RBL ${text}`);
  });
});

describe('a server with few TCP connections for a client', () => {
  const zones = zonesOf('a.test', 'b.test', 'c.test', 'd.test');
  const lists = 'RBL OK - a.test, b.test, c.test, d.test: lists 127.0.0.2 as 127.0.0.2';

  test('is asked many questions: dnsdist', async () => {
    const dnsdist = await startDnsdist(
      cleanUp,
      `setMaxTCPConnectionsPerClient(1)
       addAction(AndRule{QNameRule('2.0.0.127.a.test'), TCPRule(false)}, TCAction())
       addAction(AndRule{QNameRule('2.0.0.127.b.test'), TCPRule(false)}, TCAction())
       addAction(AndRule{QNameRule('2.0.0.127.c.test'), TCPRule(false)}, TCAction())
       addAction(RegexRule('^1\\\\.0\\\\.0\\\\.127'), RCodeAction(DNSRCode.NXDOMAIN))
       addAction(AllRule(), SpoofAction({'127.0.0.2'}))`,
    );
    expect(await ask(dnsdist, ...zones, '--tcp')).toBe(lists);
    // Three of the questions are asked again after a truncated answer.
    expect(await ask(dnsdist, ...zones)).toBe(lists);
  });

  test('is asked many questions: PowerDNS', async () => {
    const serial = Math.floor(Date.now() / 1000);
    const powerDns = await startPowerDns(
      cleanUp,
      { 'list.test': zoneFile(serial, '2.0.0.127 A 127.0.0.2') },
      ['max-tcp-connections-per-client=1'],
    );
    expect(await ask(powerDns, '--zone', 'list.test', '--max-age', '1h', '--tcp')).toMatch(
      /^RBL OK - list\.test: lists 127\.0\.0\.2 as 127\.0\.0\.2, zone data is \d+s old$/,
    );
  });
});

describe('rbldnsd', () => {
  const listing = (code: string): ZoneFile => ({
    type: 'ip4set',
    text: `:${code}:listed\n127.0.0.2\n`,
  });

  test('with an error code tells what it means', async () => {
    const rbldnsd = await startRbldnsd(cleanUp, {
      'dbl.test': listing('127.0.1.255'),
      'zrd.test': listing('127.0.2.255'),
      'dnswl.test': listing('127.0.0.255'),
    });
    for (const [zone, text] of [
      ['dbl.test', 'answered error code 127.0.1.255: a list of names was asked for an address'],
      ['zrd.test', 'answered error code 127.0.2.255: a list of names was asked for an address'],
      ['dnswl.test', 'answered error code 127.0.0.255: the list blocks you'],
    ] as const) {
      const expected = `RBL CRITICAL - ${zone}: ${text}`;
      expect(await ask(rbldnsd, '--zone', zone)).toContain(expected);
      expect(await ask(rbldnsd, '--zone', zone, '--no-control')).toContain(expected);
    }
  });

  test('that lists 127.0.0.1 on purpose has another negative control', async () => {
    const text = ':127.0.0.2:listed\n127.0.0.0/29\n';
    const rbldnsd = await startRbldnsd(cleanUp, { 'bogons.test': { type: 'ip4set', text } });
    const zone = ['--zone', 'bogons.test'];
    expect(await ask(rbldnsd, ...zone)).toContain('the zone says yes to everything');
    expect(await ask(rbldnsd, ...zone, '--control', '192.0.2.1')).toMatch(/^RBL OK/);
    expect(await ask(rbldnsd, ...zone, '--control', '127.0.0.3')).toContain(
      'negative control 127.0.0.3: listed as 127.0.0.2',
    );
  });

  test('answers as expected, or is critical', async () => {
    const rbldnsd = await startRbldnsd(cleanUp, { 'list.test': listing('127.0.0.4') });
    const zone = ['--zone', 'list.test', '--expect'];
    for (const codes of ['127.0.0.4', '127.0.0.2,127.0.0.4', '127.0.0.0/24']) {
      expect(await ask(rbldnsd, ...zone, codes)).toBe(
        'RBL OK - list.test: lists 127.0.0.2 as 127.0.0.4',
      );
    }
    expect(await ask(rbldnsd, ...zone, '127.0.0.2,127.0.1.0/24')).toBe(
      'RBL CRITICAL - list.test: lists 127.0.0.2 as 127.0.0.4, expected is 127.0.0.2, 127.0.1.0/24',
    );
  });

  test('with 500 zones is asked for them all', async () => {
    const zones = Array.from({ length: 500 }, (_, index) => `z${index}.test`);
    const rbldnsd = await startRbldnsd(
      cleanUp,
      Object.fromEntries(zones.map((zone) => [zone, zoneFiles.good])),
    );
    expect(await ask(rbldnsd, ...zonesOf(...zones))).toMatch(
      /^RBL OK - lists 127\.0\.0\.2 as 127\.0\.0\.2: z0\.test, .*, z7\.test and 492 more$/,
    );
    expect(await ask(rbldnsd, '--zone', 'other.test', ...zonesOf(...zones.slice(0, 3)))).toMatch(
      '1 of 4 zones failed: other.test: refused',
    );
    const refused = zonesOf(...zones.slice(0, 60).map((zone) => `other.${zone}.example`));
    expect(await ask(rbldnsd, ...refused)).toMatch(
      /^RBL CRITICAL - 60 of 60 zones failed: refused: rate-limited, or zone not served here: other.*and 52 more$/,
    );
  });
});

test('never more than 32 questions are open, and each is asked once', async () => {
  let [open, most] = [0, 0];
  const server = await openDnsServer((query) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      const isTest = nameIn(query).startsWith('2.');
      const [message] = isTest ? listedAs('127.0.0.2')(query, 'udp') : [reply(query, { rcode: 3 })];
      server.send(message ?? Buffer.alloc(0), query.id ?? 0);
    }, 5);
    return [];
  });
  const zones = Array.from({ length: 200 }, (_, index) => `z${index}.test`);
  expect(await ask(server, ...zonesOf(...zones))).toMatch(/^RBL OK/);
  expect(most).toBe(32);
  expect(server.queries).toHaveLength(400);
});

describe('a socket that the kernel refuses', () => {
  const firstLine = async (
    family: 'IPv4' | 'IPv6',
    errno: Parameters<typeof denySockets>[1],
    ...args: readonly string[]
  ) => {
    const host = family === 'IPv6' ? '::1' : '127.0.0.1';
    const all = ['rbl', host, '--zone', 'list.test', '--reply', 'plugin', ...args];
    const [command, ...denied] = denySockets(family, errno, [executable, ...all]);
    const { stdout, stderr } = await lbcheck(denied, { command, input: '', env: environment });
    return stdout.replace(/ \| .*/, '').trimEnd() + stderr;
  };

  describe.each(['IPv4', 'IPv6'] as const)('with %s', (family) => {
    const server = family === 'IPv6' ? '[::1]:53' : '127.0.0.1:53';

    test.each([[], ['--tcp']])('is no bug and not the fault of the server %s', async (...args) => {
      for (const errno of ['EPERM', 'EACCES'] as const) {
        expect(await firstLine(family, errno, ...args)).toBe(
          `RBL UNKNOWN - list.test: there was no permission to ask ${server} (${errno})`,
        );
      }
      for (const errno of ['ENOBUFS', 'ENOMEM', 'EMFILE', 'ENFILE'] as const) {
        expect(await firstLine(family, errno, ...args)).toBe(
          `RBL UNKNOWN - list.test: there was no room to ask ${server} (${errno})`,
        );
      }
      expect(await firstLine(family, 'EAFNOSUPPORT', ...args)).toBe(
        `RBL CRITICAL - list.test: ${server} is unreachable (EAFNOSUPPORT)`,
      );
    });
  });
});

/** Arguments for unshare(1): a network with loopback only. */
const inNamespace = [
  ...['--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
];

describe.each(['192.0.2.1', '2001:db8::1'])('the server %s without a route to it', (host) => {
  test.each([[[]], [['--tcp']]])('is unreachable %j', async (args) => {
    const all = ['rbl', host, '--zone', 'list.test', '--reply', 'plugin', ...args];
    const { stdout } = await lbcheck([...inNamespace, executable, ...all], {
      command: 'unshare',
      input: '',
    });
    const server = host.includes(':') ? `[${host}]:53` : `${host}:53`;
    expect(stdout).toContain(`RBL CRITICAL - list.test: ${server} is unreachable (ENETUNREACH)`);
  });
});
