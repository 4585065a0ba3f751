import { networkInterfaces } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startPostfix } from '../support/syn-postfix.ts';
import { type Certificates, makeCertificates } from '../support/tls-certificates.ts';
import {
  type StartTlsServer,
  startDovecot,
  startMariadbTls,
  startPostgresqlTls,
  startProsody,
  startSlapd,
  startVsftpd,
} from '../support/tls-daemons.ts';
import { ask } from '../support/tls-plugin.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;
const servers: Record<string, StartTlsServer> = {};
const plain: Record<string, StartTlsServer> = {};

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
  const { server } = certificates;
  const secure = [
    ...[`smtpd_tls_cert_file=${server.cert}`, `smtpd_tls_key_file=${server.key}`],
    ...['smtpd_tls_security_level=may', 'smtpd_tls_loglevel=1'],
  ];
  await Promise.all([
    startPostfix(cleanUp, secure).then((postfix) => {
      servers.smtp = withLog(postfix);
    }),
    startPostfix(cleanUp).then((postfix) => {
      plain.smtp = withLog(postfix);
    }),
    startDovecot(cleanUp, server).then(({ ports, log }) => {
      for (const [name, port] of Object.entries(ports)) servers[name] = { port, log };
    }),
    startDovecot(cleanUp, server, 'no').then(({ ports, log }) => {
      for (const [name, port] of Object.entries(ports)) plain[name] = { port, log };
    }),
  ]);
  servers.ldap = await startSlapd(cleanUp, server);
  plain.ldap = await startSlapd(cleanUp, undefined);
  servers.xmpp = await startProsody(cleanUp, server);
  plain.xmpp = await startProsody(cleanUp, server, '"saslauth"');
  servers.ftp = await startVsftpd(cleanUp, server);
  plain.ftp = await startVsftpd(cleanUp, server, 'NO');
  servers.postgres = await startPostgresqlTls(cleanUp, server);
  plain.postgres = await startPostgresqlTls(cleanUp, server, 'off');
  servers.mysql = await startMariadbTls(cleanUp, server);
  plain.mysql = await startMariadbTls(cleanUp, undefined);
});

const withLog = (postfix: Awaited<ReturnType<typeof startPostfix>>): StartTlsServer => ({
  port: postfix.port,
  log: async () => (await postfix.connections()).join('\n'),
});

function serverOf(list: Record<string, StartTlsServer>, name: string): StartTlsServer {
  const found = list[name];
  if (!found) throw new Error(`no server of ${name}`);
  return found;
}

/** Checks a server, which need not be called as the test's certificate is. */
async function check({ port }: StartTlsServer, protocol: string, ...args: readonly string[]) {
  const command = ['--starttls', protocol, '--servername', 'leaf.test', ...args];
  return ask({ address: '127.0.0.1', port }, ...command);
}

const dovecotLeft =
  'Aborted login by logging out \\(no auth attempts in \\d secs\\): .*, TLS, session=';

/** What each server logs for one check: these words, and none of a broken connection. */
describe.each<[string, RegExp]>([
  ['smtp', /disconnect from unknown\[127\.0\.0\.1\] ehlo=1 starttls=1 quit=1 commands=3/],
  ['lmtp', /Disconnect from 127\.0\.0\.1: Logged out \(state=READY\)/],
  ['imap', new RegExp(`imap-login: .*${dovecotLeft}`)],
  ['pop3', new RegExp(`pop3-login: .*${dovecotLeft}`)],
  ['sieve', new RegExp(`managesieve-login: .*${dovecotLeft}`)],
  ['ldap', /STARTTLS.*TLS established.*op=1 UNBIND.*closed/s],
  ['xmpp', /Client connected.*Client disconnected: connection closed/s],
  ['ftp', /"AUTH TLS".*SSL version: .*"QUIT".*"221 Goodbye\."/s],
  ['postgres', /connection received: host=127\.0\.0\.1/],
  ['mysql', /Access denied for user 'lbcheck'@'localhost' \(using password: NO\)/],
])('a real server of %s', (protocol, log) => {
  test('completes the handshake, and logs a client that leaves in order', async () => {
    const server = serverOf(servers, protocol);
    const before = (await server.log()).length;
    const args = ['--require', 'handshake', '--cert-days', '20,12h'];
    const { code, summary } = await check(server, protocol, ...args);
    expect(summary).toMatch(
      /^TLSv1\.[23] handshake completed with \S+; certificate of .* expires on [0-9-]{10}, in \d+ days$/,
    );
    expect(code).toBe(0);
    const since = async () => (await server.log()).slice(before);
    await expect.poll(since, { timeout: 5000 }).toMatch(log);
    expect(await since()).not.toMatch(
      /lost connection|reset by peer|SSL_accept|error:|EOF|timeout/i,
    );
  });

  test('without TLS has answered, and logs a client that leaves in order', async () => {
    const server = serverOf(plain, protocol);
    const before = (await server.log()).length;
    const { code, summary } = await check(server, protocol);
    expect(summary).toMatch(
      /does not offer (STARTTLS|STLS|TLS)$|refuses (AUTH TLS|StartTLS|STARTTLS): .*$/,
    );
    expect(code).toBe(0);
    expect(await check(server, protocol, '--require', 'handshake')).toMatchObject({ code: 2 });
    const since = (await server.log()).slice(before);
    expect(since).not.toMatch(/lost connection|reset by peer|error:/i);
  });

  test('is no server of another protocol', async () => {
    const other = protocol === 'smtp' ? 'imap' : 'smtp';
    // PostgreSQL and others wait for a client that speaks first, and so does it.
    const { summary } = await check(serverOf(servers, protocol), other, '-t', '1');
    expect(summary).toMatch(
      /does not speak (SMTP|IMAP)|says nothing: blocked|closed the connection|handshake completed|greets with|answers EHLO/,
    );
  });
});

test('a client of SMTP has the name that it is given', async () => {
  const server = serverOf(servers, 'smtp');
  expect(await check(server, 'smtp', '--ehlo', 'probe.example')).toMatchObject({ code: 0 });
});

/** MariaDB counts no client of loopback. */
const ownAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.skipIf(ownAddress === undefined)(
  'MariaDB does not close its door to a host that checks it often',
  async () => {
    const address = ownAddress ?? '';
    const { port, sql } = await startMariadbTls(cleanUp, certificates.server, address);
    await sql("CREATE USER 'x'@'%'");
    const args = ['--starttls', 'mysql', '--require', 'handshake'];
    for (let count = 0; count < 6; count += 1) {
      expect(await ask({ address, port }, ...args)).toMatchObject({ code: 0 });
    }
    const errors = await sql('SELECT SUM_CONNECT_ERRORS FROM performance_schema.host_cache');
    expect(errors.trim()).toBe('0');
  },
);
