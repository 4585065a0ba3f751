import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startPostgresql } from '../support/databases.ts';
import { type DnsServer, reply, startDnsServer } from '../support/dns-server.ts';
import { environment, lbcheck, parseResponse } from '../support/executable.ts';
import { makeLocale } from '../support/locale.ts';
import { startPostfix } from '../support/syn-postfix.ts';

const cleanUp = afterThisFile();
const plugins = '/usr/lib/nagios/plugins';

/** Starts a server on a free port of 127.0.0.1; returns the port. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanUp(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const exec = (form: string, command: readonly string[], ...options: readonly string[]) =>
  lbcheck(['exec', '--reply', form, '--timeout', '10', ...options, '--', ...command]);

let http: number;
beforeAll(async () => {
  http = await listen(createHttpServer((_request, response) => response.end('ok')));
});

describe('a plugin of monitoring-plugins that warns is a warning', () => {
  const warnings: Readonly<Record<string, () => readonly string[]>> = {
    check_http: () => ['-H', '127.0.0.1', '-p', `${http}`, '-w', '0.0000001'],
    check_tcp: () => ['-H', '127.0.0.1', '-p', `${http}`, '-w', '0.0000001'],
    check_ping: () => ['-H', '127.0.0.1', '-p', '1', '-w', '0.0001,100%', '-c', '5000,100%'],
    check_load: () => ['-w', '0,0,0', '-c', '9999,9999,9999'],
    check_disk: () => ['-w', '100%', '-c', '0%', '-p', '/'],
    check_procs: () => ['-w', '1000000:'],
    check_file_age: () => ['-w', '0', '-c', '9999999999', '-f', '/etc/hostname'],
    check_dummy: () => ['1', 'text'],
  };

  test.each(Object.keys(warnings))('%s', async (name) => {
    const command = [join(plugins, name), ...(warnings[name]?.() ?? [])];
    const { code, stdout } = await exec('plugin', command);
    expect(stdout).toMatch(/^EXEC WARNING - \S/);
    // The status of a plugin that prints it first is not shown twice.
    expect(stdout).not.toMatch(/^EXEC WARNING - WARNING/);
    expect(code).toBe(1);
  });

  test('check_procs in French', async ({ onTestFinished }) => {
    const locale = await makeLocale('fr_FR', onTestFinished);
    const env = { ...environment, LOCPATH: locale, LC_ALL: 'fr_FR.UTF-8' };
    const plugin = ['--', join(plugins, 'check_procs'), '-w', '1000000:'];
    const { code, stdout } = await lbcheck(['exec', '--reply', 'plugin', ...plugin], { env });
    expect(stdout).toMatch(/^EXEC WARNING - PROCS AVERTISSEMENT: \d+ processus \| /);
    expect(code).toBe(1);
  });

  test('check_pgsql', async ({ onTestFinished }) => {
    const { files } = await startPostgresql(onTestFinished);
    const command = [join(plugins, 'check_pgsql'), '-H', files, '-d', 'postgres', '-w', '0'];
    const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];
    const isRoot = process.getuid?.() === 0;
    const { stdout } = await exec('plugin', [...(isRoot ? asPostgres : []), ...command]);
    expect(stdout).toMatch(/^EXEC WARNING - database postgres \([\d.]+ sec\.\) \| time=/);
  });

  // Postfix changes to its own users, which only root may do.
  test.runIf(process.getuid?.() === 0)('check_smtp', async ({ onTestFinished }) => {
    const { port } = await startPostfix(onTestFinished);
    const where = ['-H', '127.0.0.1', '-p', `${port}`];
    const { stdout } = await exec('plugin', [
      join(plugins, 'check_smtp'),
      ...where,
      '-w',
      '0.0000001',
    ]);
    expect(stdout).toMatch(/^EXEC WARNING - SMTP WARNING - [\d.]+ sec\. response time \| time=/);
  });
});

describe('a command that is no plugin and ends with 1 is critical', () => {
  let postgres: number;
  let dns: DnsServer;
  beforeAll(async () => {
    // The answer of a PostgreSQL that starts or stops: ErrorResponse with SQLSTATE 57P03.
    const fields = ['SFATAL', 'C57P03', 'Mthe database system is shutting down', ''].join('\0');
    const error = Buffer.from(`E\0\0\0\0${fields}\0`);
    error.writeUInt32BE(error.length - 1, 1);
    // Requests for encryption have eight bytes, and are denied.
    const answer = (socket: Socket) =>
      socket
        .on('error', () => {})
        .on('data', (request) => (request.length === 8 ? socket.write('N') : socket.end(error)));
    postgres = await listen(createServer(answer));
    dns = await startDnsServer((query) => [reply(query, { rcode: 3 })]);
    cleanUp(() => dns.close());
  });

  const httpAnswer =
    'printf "HTTP/1.1 503 Service Unavailable\\r\\n\\r\\nNode is down.\\r\\n"; exit 1';
  const commands: Readonly<Record<string, () => readonly [readonly string[], RegExp]>> = {
    pg_isready: () => [
      ['pg_isready', '-h', '127.0.0.1', '-p', `${postgres}`],
      /^pg_isready ended with exit code 1, without the word WARN: .* - rejecting connections$/,
    ],
    host: () => [
      ['host', '-p', `${dns.port}`, 'no.example', '127.0.0.1'],
      /^host ended with exit code 1/,
    ],
    nslookup: () => [
      ['nslookup', `-port=${dns.port}`, 'no.example', '127.0.0.1'],
      /^nslookup ended with exit code 1/,
    ],
    'a script in the style of clustercheck': () => [
      ['sh', '-c', httpAnswer],
      /without the word WARN: HTTP\/1\.1 503 Service Unavailable$/,
    ],
  };

  test.each(Object.keys(commands))('%s', async (name) => {
    const [command = [], reason = /^$/] = commands[name]?.() ?? [];
    const { status, body } = parseResponse((await exec('http', command)).stdout);
    expect(status).toBe(503);
    expect(body.split('\n')[1]).toMatch(reason);
    expect((await exec('haproxy', command)).stdout).toMatch(/^down #/);
    // The user may choose otherwise.
    const believed = await exec('haproxy', command, '--exit-codes', 'plugin');
    expect(believed.stdout).toBe('up ready\n');
    const asCommand = await exec('plugin', command, '--exit-codes', 'command');
    expect(asCommand.stdout).toMatch(/^EXEC CRITICAL - \S+ ended with exit code 1: /);
  });
});

describe('under a locale with decimal commas', () => {
  const check = [join(plugins, 'check_tcp'), '-H', '127.0.0.1', '-w', '0.5', '-c', '0.9'];
  let locale: Readonly<Record<string, string>>;
  beforeAll(async () => {
    locale = { ...environment, LOCPATH: await makeLocale('de_DE', cleanUp) };
  });

  test('the plugin alone misreads its thresholds', async () => {
    const [command = '', ...args] = [...check, '-p', `${http}`];
    const env = { ...locale, LC_ALL: 'de_DE.UTF-8' };
    const stdout = await new Promise((ended) => {
      execFile(command, args, { env }, (_error, text) => ended(text));
    });
    expect(stdout).toMatch(/time=\d,\d+s/);
  });

  test.each<Record<string, string>>([{ LANG: 'de_DE.UTF-8' }, { LC_ALL: 'de_DE.UTF-8' }])(
    '%j it reads them, and its performance data is its own',
    async (variables) => {
      const args = [
        'exec',
        '--reply',
        'plugin',
        '--timeout',
        '10',
        '--',
        ...check,
        '-p',
        `${http}`,
      ];
      const { stdout, code } = await lbcheck(args, { input: '', env: { ...locale, ...variables } });
      expect(stdout).toMatch(
        /^EXEC OK - TCP OK - .* \| time=0\.\d+s;0\.5\d*;0\.9\d*;0\.0\d*;10\.0\d*\n$/,
      );
      expect(code).toBe(0);
    },
  );
});

describe('a plugin that is late', () => {
  const late = (...options: readonly string[]) =>
    lbcheck(['exec', '--reply', 'plugin', ...options, '--', 'sleep', '60']);

  test.each([
    ['by itself', ['-t', '2'], 'CRITICAL', 2],
    ['by --timeout-status unknown', ['-t', '2', '--timeout-status', 'unknown'], 'UNKNOWN', 3],
    ['by --timeout-status warning', ['-t', '2', '--timeout-status', 'warning'], 'WARNING', 1],
    ['by -t 2:3', ['-t', '2:3'], 'UNKNOWN', 3],
    ['by -t 2:warning', ['-t', '2:warning'], 'WARNING', 1],
  ])('is, %s, %j', async (_what, options, word, code) => {
    const ended = await late(...options);
    expect(ended.stdout).toContain(`EXEC ${word} - sleep did not end before the deadline`);
    expect(ended.code).toBe(code);
  });
});
