import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import {
  type DnsProgram,
  startBind,
  startDnsdist,
  startDnsmasq,
  startUnbound,
  zoneFile,
} from '../support/dns-programs.ts';
import { lbcheck, parseResponse } from '../support/executable.ts';
import { until } from '../support/programs.ts';
import { exchange, startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();

interface Server {
  readonly port: number;
}

/** What the plugin prints about a server on loopback. */
async function ask({ port }: Server, ...args: readonly string[]) {
  const all = ['dns', '127.0.0.1', String(port), '--reply', 'plugin', '-t', '10', '--query'];
  const { stdout, stderr } = await lbcheck([...all, ...args]);
  return stdout.replace(/ \| time=[^\n]*/, '').trimEnd() + stderr;
}

describe('BIND', () => {
  let bind: DnsProgram;
  beforeAll(async () => {
    bind = await startBind(cleanUp, {
      'zone.test': zoneFile(
        7,
        'www A 192.0.2.80',
        'www A 192.0.2.81',
        'www AAAA 2001:db8::80',
        '@ MX 10 mail',
        '@ TXT "v=spf1 " "-all"',
        '_sip._tcp SRV 0 5 5060 sip',
        '@ CAA 0 issue "ca.example"',
        'alias CNAME www',
        '2.0.0.127 A 127.0.0.2',
      ),
      'private.test': `type master; file "zone.test.zone"; allow-query { none; };`,
      // It was never transferred, and its primary is gone: there is nothing to serve.
      'unloaded.test': `type slave; file "unloaded.test.zone"; masters { 127.0.0.1 port 1; };`,
    });
  });

  test.each([
    [['www.zone.test'], 'www.zone.test: A 192.0.2.80, 192.0.2.81'],
    [['www.zone.test', '--tcp', '--no-recurse'], 'www.zone.test: A 192.0.2.80, 192.0.2.81'],
    [['www.zone.test', '--expect', '192.0.2.81', '--authoritative'], 'www.zone.test: A '],
    [
      ['www.zone.test', '--type', 'AAAA', '--expect', '2001:DB8:0::80'],
      'www.zone.test: AAAA 2001:db8::80',
    ],
    [['alias.zone.test'], 'alias.zone.test: A 192.0.2.80, 192.0.2.81'],
    [['alias.zone.test', '--type', 'CNAME'], 'alias.zone.test: CNAME www.zone.test'],
    [['zone.test', '--type', 'MX', '--expect', '10 mail.zone.test.'], 'zone.test: MX 10 mail'],
    [['zone.test', '--type', 'TXT', '--expect', 'v=spf1 -all'], 'zone.test: TXT v=spf1 -all'],
    [['zone.test', '--type', 'NS'], 'zone.test: NS ns.test'],
    [['zone.test', '--type', 'CAA'], 'zone.test: CAA 0 issue ca.example'],
    [['_sip._tcp.zone.test', '--type', 'SRV'], '_sip._tcp.zone.test: SRV 0 5 5060 sip.zone.test'],
    [['zone.test', '--type', 'SOA'], 'zone.test: SOA ns.test hostmaster.test 7 3600 600 86400 60'],
    [['nobody.zone.test', '--expect-rcode', 'NXDOMAIN'], 'nobody.zone.test: NXDOMAIN, as expected'],
  ])('is ok with %j', async (args, text) => {
    const line = await ask(bind, ...args);
    expect(line).toMatch(/^DNS OK - /);
    expect(line).toContain(text);
  });

  test.each([
    [['nobody.zone.test'], 'nobody.zone.test: does not exist (NXDOMAIN)'],
    [['zone.test'], 'zone.test: no A record'],
    [['www.private.test'], 'www.private.test: refused: rate-limited, or not served to us'],
    [['www.elsewhere.example'], 'www.elsewhere.example: refused'],
    [['www.unloaded.test'], 'www.unloaded.test: SERVFAIL: zone expired or not loaded'],
    [
      ['www.zone.test', '--expect', '192.0.2.1'],
      'www.zone.test: lacks 192.0.2.1: it has A 192.0.2.80, 192.0.2.81',
    ],
  ])('is critical with %j', async (args, text) => {
    expect(await ask(bind, ...args)).toContain(`DNS CRITICAL - ${text}`);
  });

  test('gives the metrics of blackbox_exporter', async () => {
    const args = ['dns', '127.0.0.1', String(bind.port), '--query', 'www.zone.test'];
    const { stdout } = await lbcheck(args, { input: 'GET /metrics HTTP/1.1\r\n\r\n' });
    const { body } = parseResponse(stdout);
    expect(body).toMatch(/^probe_success 1$/m);
    expect(body).toMatch(/^probe_dns_query_succeeded 1$/m);
    expect(body).toMatch(/^probe_dns_answer_rrs 2$/m);
    expect(body).toMatch(/^probe_dns_authority_rrs \d$/m);
    expect(body).toMatch(/^probe_dns_additional_rrs \d$/m);
  });

  test('is ok as a secondary until its zone expires', async ({ onTestFinished }) => {
    // Refresh, retry and expire of the SOA record are seconds.
    const zone = zoneFile(7, 'www A 192.0.2.80').replace('3600 600 86400', '1 1 3');
    const primary = await startBind(onTestFinished, { 'short.test': zone });
    const secondary = await startBind(
      onTestFinished,
      {
        'short.test': `type slave; file "short.test.zone"; masters { 127.0.0.1 port ${primary.port}; };`,
      },
      'recursion no; min-refresh-time 1; min-retry-time 1;',
    );
    const says = (text: string) => async () =>
      (await ask(secondary, 'www.short.test')).includes(text);
    await until('the zone is transferred', says('DNS OK - www.short.test: A 192.0.2.80'));
    process.kill(primary.pid);
    const expired = 'DNS CRITICAL - www.short.test: SERVFAIL: zone expired or not loaded';
    await until('the zone expires', says(expired));
  });

  test('is asked by the service lbcheck-dns', async ({ onTestFinished }) => {
    const check = `dns 127.0.0.1 ${bind.port} --query www.zone.test`;
    const { port } = await startXinetd(onTestFinished, check, {}, 'lbcheck-dns');
    const { text } = await exchange(port, ['GET / HTTP/1.1\r\n\r\n']);
    expect(parseResponse(text)).toMatchObject({
      status: 200,
      body: 'DNS is running.\nwww.zone.test: A 192.0.2.80, 192.0.2.81\n',
    });
  });

  test('has serials that are compared', async () => {
    const primary = await startBind(cleanUp, { 'zone.test': zoneFile(8) });
    const at = (server: Server) => ['--type', 'SOA', '--primary', `127.0.0.1:${server.port}`];
    expect(await ask(bind, 'zone.test', ...at(primary))).toMatch(
      /^DNS CRITICAL - .*; serial 7 is behind 8 at the primary$/,
    );
    expect(await ask(bind, 'zone.test', ...at(bind))).toMatch(/^DNS OK - .*; serial 7 as at the/);
    expect(await ask(primary, 'zone.test', ...at(bind))).toMatch(/^DNS OK - .* ahead of 7/);
    const gone = ['--type', 'SOA', '--primary', '127.0.0.1:1'];
    expect(await ask(bind, 'zone.test', ...gone)).toMatch(
      /^DNS UNKNOWN - .*; primary 127.0.0.1:1: nothing listens on/,
    );
    const list = ['rbl', '127.0.0.1', String(bind.port), '--zone', 'zone.test', '-t', '10'];
    const listed = async (server: Server) =>
      (await lbcheck([...list, '--reply', 'plugin', ...at(server).slice(2)])).stdout;
    expect(await listed(primary)).toContain(
      'RBL CRITICAL - zone.test: serial 7 is behind 8 at the primary',
    );
    expect(await listed(bind)).toContain(
      'RBL OK - zone.test: lists 127.0.0.2 as 127.0.0.2, serial 7 as at the primary',
    );
  });
});

describe('unbound', () => {
  let unbound: DnsProgram;
  beforeAll(async () => {
    unbound = await startUnbound(
      cleanUp,
      'local-zone: "own.test." static',
      'local-data: "www.own.test. A 192.0.2.80"',
      'local-zone: "blocked.test." always_nxdomain',
      'local-zone: "refused.test." refuse',
    );
  });

  test.each([
    [['www.own.test'], 'DNS OK - www.own.test: A 192.0.2.80'],
    [['nobody.own.test'], 'DNS CRITICAL - nobody.own.test: does not exist (NXDOMAIN)'],
    [['x.blocked.test'], 'DNS CRITICAL - x.blocked.test: does not exist (NXDOMAIN)'],
    [
      ['x.blocked.test', '--expect-rcode', 'NXDOMAIN'],
      'DNS OK - x.blocked.test: NXDOMAIN, as expected',
    ],
    [
      ['www.own.test', '--expect-rcode', 'NXDOMAIN'],
      'DNS CRITICAL - www.own.test: A 192.0.2.80, expected is NXDOMAIN',
    ],
    [
      ['x.refused.test'],
      'DNS CRITICAL - x.refused.test: refused: rate-limited, or not served to us',
    ],
  ])('with %j', async (args, text) => {
    expect(await ask(unbound, ...args)).toBe(text);
  });
});

describe('dnsmasq as Pi-hole runs it', () => {
  test('blocks names, and tells of them', async () => {
    const dnsmasq = await startDnsmasq(
      cleanUp,
      '--address=/blocked.test/0.0.0.0',
      '--host-record=www.own.test,192.0.2.80',
    );
    expect(await ask(dnsmasq, 'www.own.test')).toBe('DNS OK - www.own.test: A 192.0.2.80');
    expect(await ask(dnsmasq, 'ads.blocked.test', '--expect', '0.0.0.0')).toBe(
      'DNS OK - ads.blocked.test: A 0.0.0.0',
    );
    expect(await ask(dnsmasq, 'www.own.test', '--expect', '0.0.0.0')).toBe(
      'DNS CRITICAL - www.own.test: lacks 0.0.0.0: it has A 192.0.2.80',
    );
  });

  test('that refuses is asked once, and not again', async () => {
    // If dnsmasq has no server to forward to, it refuses names that it does not know.
    const dnsmasq = await startDnsmasq(cleanUp, '--log-queries');
    expect(await ask(dnsmasq, 'www.example')).toBe(
      'DNS CRITICAL - www.example: refused: rate-limited, or not served to us',
    );
    expect(dnsmasq.output().match(/query\[A\] www\.example/g)).toHaveLength(1);
  });
});

describe('dnsdist', () => {
  test('that refuses the bit RD is asked without it', async () => {
    const dnsdist = await startDnsdist(
      cleanUp,
      `addAction(RDRule(), RCodeAction(DNSRCode.REFUSED))
       addAction(RegexRule('^1\\\\.0\\\\.0\\\\.127'), RCodeAction(DNSRCode.NXDOMAIN))
       addAction(AllRule(), SpoofAction({'127.0.0.2'}))`,
    );
    expect(await ask(dnsdist, 'www.test')).toContain('refused');
    expect(await ask(dnsdist, 'www.test', '--no-recurse')).toMatch(/^DNS OK/);
    const list = [
      'rbl',
      '127.0.0.1',
      String(dnsdist.port),
      '--zone',
      'list.test',
      '--reply',
      'plugin',
    ];
    expect((await lbcheck([...list, '-t', '10'])).stdout).toContain('refused');
    expect((await lbcheck([...list, '-t', '10', '--no-recurse'])).stdout).toMatch(/^RBL OK/);
  });

  test('that limits the questions of a client is asked at its pace', async () => {
    const rules = `addAction(MaxQPSIPRule(10), RCodeAction(DNSRCode.REFUSED))
       addAction(RegexRule('^1\\\\.0\\\\.0\\\\.127'), RCodeAction(DNSRCode.NXDOMAIN))
       addAction(AllRule(), SpoofAction({'127.0.0.2'}))`;
    const zones = Array.from({ length: 10 }, (_, index) => ['--zone', `z${index}.test`]).flat();
    const check = async (...args: readonly string[]) => {
      const { port } = await startDnsdist(cleanUp, rules);
      const list = ['rbl', '127.0.0.1', String(port), ...zones, '--reply', 'plugin'];
      return (await lbcheck([...list, '-t', '10', ...args])).stdout;
    };
    expect(await check()).toContain('refused: rate-limited');
    expect(await check('--max-rate', '8')).toMatch(/^RBL OK/);
  });
});
