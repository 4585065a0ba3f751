import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withServer } from '../../src/net/dns/index.ts';
import type { CleanUp } from './clean-up.ts';
import { directory, freePort, type Program, start, until } from './programs.ts';

/** A real DNS server on a port of loopback. */
export interface DnsProgram extends Program {
  readonly address: string;
  readonly port: number;
  /** The directory of its files. */
  readonly files: string;
}

/** Starts a program with files, and waits until it answers any question. */
async function startServer(
  cleanUp: CleanUp,
  command: string,
  args: (files: string, port: number) => readonly string[],
  contents: (port: number, files: string) => Readonly<Record<string, string>>,
): Promise<DnsProgram> {
  const [address, port] = ['127.0.0.1', await freePort()];
  const files = await directory(cleanUp);
  for (const [name, text] of Object.entries(contents(port, files))) {
    await writeFile(join(files, name), text);
  }
  const program = await start(cleanUp, command, args(files, port));
  const options = { address, port, isTcp: false, isRecursive: false, resendAfter: 1 };
  await until(`${command} answers`, async () => {
    if (program.hasEnded()) throw new Error(program.output());
    const asked = await withServer(options, AbortSignal.timeout(500), (ask) =>
      ask({ name: 'ready.invalid', type: 'A' }),
    );
    return asked.answer.kind === 'reply';
  });
  return { ...program, address, port, files };
}

/** A zone file (RFC 1035 section 5) with an SOA record, a name server and other records. */
export function zoneFile(serial: number, ...records: readonly string[]): string {
  return [
    '$TTL 60',
    `@ SOA ns.test. hostmaster.test. ${serial} 3600 600 86400 60`,
    '@ NS ns.test.',
    ...records,
    '',
  ].join('\n');
}

/** Zone files by the names of their zones; a text without `$TTL` is the body of a zone statement. */
type Zones = Readonly<Record<string, string>>;

const fileOf = (zone: string) => `${zone}.zone`;

function zoneFiles(zones: Zones): Readonly<Record<string, string>> {
  const texts = Object.entries(zones).filter(([, text]) => text.startsWith('$TTL'));
  return Object.fromEntries(texts.map(([zone, text]) => [fileOf(zone), text]));
}

function zoneStatements(zones: Zones): string {
  return Object.entries(zones)
    .map(([zone, text]) => {
      const body = text.startsWith('$TTL') ? `type master; file "${fileOf(zone)}";` : text;
      return `zone "${zone}" { ${body} };`;
    })
    .join('\n');
}

/** BIND (named.conf(5)); by default it is authoritative, `recursion no`. */
export function startBind(
  cleanUp: CleanUp,
  zones: Zones,
  options = 'recursion no;',
): Promise<DnsProgram> {
  return startServer(
    cleanUp,
    'named',
    (files) => ['-g', '-c', join(files, 'named.conf'), '-n', '1'],
    (port, files) => ({
      ...zoneFiles(zones),
      'named.conf': `
        options {
          directory "${files}";
          listen-on port ${port} { 127.0.0.1; };
          listen-on-v6 { none; };
          pid-file none;
          session-keyfile "${files}/session.key";
          managed-keys-directory "${files}";
          dnssec-validation no;
          notify no;
          ${options}
        };
        controls { };
        ${zoneStatements(zones)}`,
    }),
  );
}

/** unbound (unbound.conf(5)), with lines of its section `server`. */
export function startUnbound(cleanUp: CleanUp, ...lines: readonly string[]): Promise<DnsProgram> {
  return startServer(
    cleanUp,
    'unbound',
    (files) => ['-d', '-c', join(files, 'unbound.conf')],
    (port, files) => ({
      'unbound.conf': [
        'server:',
        ...['chroot: ""', 'username: ""', 'pidfile: ""', 'use-syslog: no', `directory: "${files}"`],
        ...[
          'interface: 127.0.0.1',
          `port: ${port}`,
          'do-daemonize: no',
          'module-config: "iterator"',
        ],
        ...lines,
        'remote-control:',
        'control-enable: no',
        '',
      ].join('\n'),
    }),
  );
}

/** dnsmasq (dnsmasq(8)) with options. */
export function startDnsmasq(cleanUp: CleanUp, ...options: readonly string[]): Promise<DnsProgram> {
  return startServer(
    cleanUp,
    'dnsmasq',
    (_files, port) => [
      ...['--keep-in-foreground', '--conf-file=/dev/null', '--pid-file=', '--user=root'],
      ...[`--port=${port}`, '--listen-address=127.0.0.1', '--bind-interfaces'],
      ...['--no-resolv', '--no-hosts', '--log-facility=-', ...options],
    ],
    () => ({}),
  );
}

/** dnsdist, which answers by rules in Lua. */
export function startDnsdist(cleanUp: CleanUp, rules: string): Promise<DnsProgram> {
  return startServer(
    cleanUp,
    'dnsdist',
    (files) => ['-C', join(files, 'dnsdist.conf'), '--supervised', '--disable-syslog'],
    (port) => ({
      'dnsdist.conf': `
        setSecurityPollSuffix('')
        setLocal('127.0.0.1:${port}')
        addAction(QNameRule('ready.invalid'), RCodeAction(DNSRCode.REFUSED))
        ${rules}`,
    }),
  );
}

/** PowerDNS with zone files, and lines of its configuration. */
export function startPowerDns(
  cleanUp: CleanUp,
  zones: Zones,
  settings: readonly string[],
): Promise<DnsProgram> {
  return startServer(
    cleanUp,
    'pdns_server',
    (files) => [`--config-dir=${files}`, `--socket-dir=${files}`],
    (port, files) => ({
      ...zoneFiles(zones),
      'named.conf': `options { directory "${files}"; };\n${zoneStatements(zones)}`,
      'pdns.conf': [
        ...['launch=bind', `bind-config=${files}/named.conf`, 'daemon=no', 'guardian=no'],
        ...['local-address=127.0.0.1', `local-port=${port}`, 'security-poll-suffix='],
        ...settings,
        '',
      ].join('\n'),
    }),
  );
}
