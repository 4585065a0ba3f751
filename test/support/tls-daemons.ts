import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CleanUp } from './clean-up.ts';
import { directory, freePort, start, until } from './programs.ts';
import type { Credentials } from './tls-certificates.ts';

const run = promisify(execFile);

/** A real server that can come to TLS. */
export interface StartTlsServer {
  readonly port: number;
  /** All that it has logged. */
  readonly log: () => Promise<string>;
}

/** Makes a server's directory with its certificate and key, which `owner` can read. */
async function filesFor(cleanUp: CleanUp, { cert, key }: Credentials, owner = 'root') {
  const files = await directory(cleanUp);
  const [certFile, keyFile] = [join(files, 'cert.pem'), join(files, 'key.pem')];
  await run('install', ['-m', '644', cert, certFile]);
  await run('install', ['-m', '600', '-o', owner, key, keyFile]);
  return { files, cert: certFile, key: keyFile };
}

/** Waits until something listens on a port. */
async function listens(port: number, what: string, log: () => Promise<string>): Promise<void> {
  const isThere = async () => {
    const { stdout } = await run('ss', ['-Hltn', `sport = :${port}`]);
    return stdout.includes(`:${port}`);
  };
  await until(`${what} listens`, isThere).catch(async (error) => {
    throw new Error(`${error}\n${await log()}`);
  });
}

const readLog = (file: string) => () => readFile(file, 'utf8').catch(() => '');

/** Dovecot with IMAP, POP3, LMTP and ManageSieve. `ssl` is its setting of that name. */
export async function startDovecot(cleanUp: CleanUp, credentials: Credentials, ssl = 'yes') {
  const { files, cert, key } = await filesFor(cleanUp, credentials);
  const ports = { imap: 0, pop3: 0, lmtp: 0, sieve: 0 };
  for (const name of ['imap', 'pop3', 'lmtp', 'sieve'] as const) ports[name] = await freePort();
  const service = (name: string, listener: keyof typeof ports, secure?: string) => `
    service ${name} {
      inet_listener ${listener} {
        address = 127.0.0.1
        port = ${ports[listener]}
      }
      ${secure ? `inet_listener ${secure} {\n port = 0\n }` : ''}
    }`;
  const logFile = join(files, 'log');
  const settings = `
    protocols = imap pop3 lmtp sieve
    base_dir = ${join(files, 'run')}
    state_dir = ${join(files, 'run')}
    log_path = ${logFile}
    listen = 127.0.0.1
    ssl = ${ssl}
    ssl_cert = <${cert}
    ssl_key = <${key}
    ssl_min_protocol = TLSv1.2
    mail_location = maildir:${join(files, 'mail')}
    passdb {
      driver = static
      args = nopassword=y
    }
    userdb {
      driver = static
      args = uid=nobody gid=nogroup home=${files}
    }
    ${service('imap-login', 'imap', 'imaps')}
    ${service('pop3-login', 'pop3', 'pop3s')}
    ${service('managesieve-login', 'sieve')}
    ${service('lmtp', 'lmtp')}`;
  await writeFile(join(files, 'dovecot.conf'), settings);
  const dovecot = await start(cleanUp, 'dovecot', ['-F', '-c', join(files, 'dovecot.conf')]);
  const log = async () => dovecot.output() + (await readLog(logFile)());
  for (const [name, port] of Object.entries(ports)) await listens(port, name, log);
  return { ports, log };
}

/** OpenLDAP's slapd. */
export async function startSlapd(
  cleanUp: CleanUp,
  credentials: Credentials | undefined,
): Promise<StartTlsServer> {
  const { files, cert, key } = await filesFor(
    cleanUp,
    credentials ?? { cert: '/dev/null', key: '/dev/null' },
  );
  const port = await freePort();
  const tls = credentials ? `TLSCertificateFile ${cert}\nTLSCertificateKeyFile ${key}\n` : '';
  const settings = `pidfile ${join(files, 'pid')}\n${tls}modulepath /usr/lib/ldap\nmoduleload back_null
database null\nsuffix ""\n`;
  await writeFile(join(files, 'slapd.conf'), settings);
  const args = ['-f', join(files, 'slapd.conf'), '-h', `ldap://127.0.0.1:${port}/`, '-d', 'stats'];
  const slapd = await start(cleanUp, 'slapd', args);
  const log = async () => slapd.output();
  await listens(port, 'slapd', log);
  return { port, log };
}

/** Prosody, for the domain leaf.test. */
export async function startProsody(
  cleanUp: CleanUp,
  credentials: Credentials,
  modules = '"tls"',
): Promise<StartTlsServer> {
  const { files, cert, key } = await filesFor(cleanUp, credentials);
  const port = await freePort();
  await mkdir(join(files, 'data'));
  const settings = `
    run_as_root = true
    daemonize = false
    pidfile = "${join(files, 'pid')}"
    data_path = "${join(files, 'data')}"
    log = { { levels = { min = "info" }, to = "console" } }
    interfaces = { "127.0.0.1" }
    c2s_ports = { ${port} }
    modules_enabled = { ${modules} }
    modules_disabled = { "s2s" }
    c2s_require_encryption = false
    ssl = { certificate = "${cert}"; key = "${key}" }
    VirtualHost "leaf.test"
    `;
  await writeFile(join(files, 'prosody.cfg.lua'), settings);
  const prosody = await start(cleanUp, 'prosody', [
    ...['-F', '--config', join(files, 'prosody.cfg.lua')],
  ]);
  const log = async () => prosody.output();
  await listens(port, 'Prosody', log);
  return { port, log };
}

/** vsftpd. */
export async function startVsftpd(
  cleanUp: CleanUp,
  credentials: Credentials,
  ssl: 'YES' | 'NO' = 'YES',
): Promise<StartTlsServer> {
  const { files, cert, key } = await filesFor(cleanUp, credentials);
  const port = await freePort();
  const logFile = join(files, 'log');
  await mkdir(join(files, 'empty'));
  const settings = {
    ...{ listen: 'YES', listen_address: '127.0.0.1', listen_port: port, background: 'NO' },
    ...{ anonymous_enable: 'YES', local_enable: 'NO', anon_root: join(files, 'empty') },
    ...{ ssl_enable: ssl, rsa_cert_file: cert, rsa_private_key_file: key },
    ...{ secure_chroot_dir: join(files, 'empty'), nopriv_user: 'nobody', seccomp_sandbox: 'NO' },
    ...{ xferlog_enable: 'YES', vsftpd_log_file: logFile, log_ftp_protocol: 'YES' },
    ...{ debug_ssl: ssl },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(join(files, 'vsftpd.conf'), `${lines.join('\n')}\n`);
  const vsftpd = await start(cleanUp, 'vsftpd', [join(files, 'vsftpd.conf')]);
  const log = async () => vsftpd.output() + (await readLog(logFile)());
  await listens(port, 'vsftpd', log);
  return { port, log };
}

/** PostgreSQL on TCP. */
export async function startPostgresqlTls(
  cleanUp: CleanUp,
  credentials: Credentials,
  ssl: 'on' | 'off' = 'on',
): Promise<StartTlsServer> {
  const versions = '/usr/lib/postgresql';
  const bin = join(versions, readdirSync(versions).at(-1) ?? '', 'bin');
  const { files, cert, key } = await filesFor(cleanUp, credentials, 'postgres');
  const port = await freePort();
  await run('chown', ['postgres', files]);
  const asPostgres = ['--reuid=postgres', '--regid=postgres', '--init-groups', '--'];
  const data = join(files, 'data');
  const make = [join(bin, 'initdb'), '-D', data, '-A', 'trust', '--locale=C', '--no-sync'];
  await run('setpriv', [...asPostgres, ...make]);
  const settings = [
    ...[`ssl=${ssl}`, `ssl_cert_file=${cert}`, `ssl_key_file=${key}`, 'log_connections=on'],
    ...['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${files}`],
  ].flatMap((setting) => ['-c', setting]);
  const args = [...asPostgres, join(bin, 'postgres'), '-D', data, '-F', ...settings];
  const postgres = await start(cleanUp, 'setpriv', args);
  const log = async () => postgres.output();
  await until('PostgreSQL has started', async () => (await log()).includes('ready to accept'));
  return { port, log };
}

/** MariaDB on TCP, which closes its door to a host after three connections without a login. */
export async function startMariadbTls(
  cleanUp: CleanUp,
  credentials: Credentials | undefined,
  address = '127.0.0.1',
): Promise<StartTlsServer & { readonly sql: (statement: string) => Promise<string> }> {
  const { files, cert, key } = await filesFor(
    cleanUp,
    credentials ?? { cert: '/dev/null', key: '/dev/null' },
  );
  const port = await freePort();
  const common = ['--no-defaults', `--datadir=${join(files, 'data')}`, '--user=root'];
  const make = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  await run('mariadb-install-db', [...common, ...make]);
  const socket = join(files, 'socket');
  const tls = credentials ? [`--ssl-cert=${cert}`, `--ssl-key=${key}`] : [];
  const args = [
    ...[...common, ...tls, `--socket=${socket}`, `--port=${port}`, `--bind-address=${address}`],
    ...['--max-connect-errors=3', '--performance-schema=ON'],
  ];
  const mariadb = await start(cleanUp, 'mariadbd', args);
  const log = async () => mariadb.output();
  await until('MariaDB has started', async () => (await log()).includes('ready for connections'));
  const sql = async (statement: string) => {
    const query = ['--no-defaults', '-S', socket, '-u', 'root', '-N', '-B', '-e', statement];
    return (await run('mariadb', query)).stdout;
  };
  return { port, log, sql };
}
