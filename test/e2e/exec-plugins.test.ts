import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type Database, startMariadb, startPostgresql } from '../support/databases.ts';
import { lbcheck, parseResponse } from '../support/executable.ts';
import { readHealth } from '../support/health-schema.ts';
import { freePort } from '../support/programs.ts';
import { startPostfix } from '../support/syn-postfix.ts';
import { exchange, startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const plugins = '/usr/lib/nagios/plugins';

/** The answer to an HTTP request to a port. */
const ask = async (port: number, ...fields: readonly string[]) =>
  parseResponse((await exchange(port, [['GET / HTTP/1.1', ...fields, '', ''].join('\r\n')])).text);

describe('check_pgsql behind the shipped xinetd service', () => {
  let server: Database;
  let port: number;
  beforeAll(async () => {
    server = await startPostgresql(cleanUp);
    const args = `exec -- ${plugins}/check_pgsql -H ${server.files} -d postgres`;
    ({ port } = await startXinetd(cleanUp, args, {}, 'lbcheck-exec-pgsql'));
  });

  test('is 200 while PostgreSQL runs, with the output of the plugin', async () => {
    const { status, body } = await ask(port);
    expect(status).toBe(200);
    expect(body).toMatch(/^EXEC is running\.\nOK - database postgres \(0\.\d+ sec\.\)\n$/);
  });

  test("shows the plugin's performance data in JSON", async () => {
    const { status, body } = await ask(port, 'Accept: application/health+json');
    expect(status).toBe(200);
    expect(readHealth(body).checks['exec:perfdata']).toMatchObject([
      { componentId: 'time', observedValue: expect.any(Number), observedUnit: 's' },
    ]);
  });

  test('is 503 once it is stopped, with the reason', async () => {
    await server.stop();
    const { status, body } = await ask(port);
    expect(status).toBe(503);
    expect(body).toMatch(
      /^EXEC is not running or not accessible\.\nCRITICAL - no connection to 'postgres' \(.*No such file or directory\n$/,
    );
  });
});

describe('check_mysql', () => {
  test('is ok while MariaDB runs, and critical once it is stopped', async ({ onTestFinished }) => {
    const server = await startMariadb(onTestFinished);
    const socket = join(server.files, 'socket');
    const plugin = ['--', join(plugins, 'check_mysql'), '-s', socket, '-u', 'root'];
    const check = (form: string) => lbcheck(['exec', '--reply', form, ...plugin]);

    const up = await check('plugin');
    expect(up.stdout).toMatch(
      /^EXEC OK - Uptime: \d+ .*\| time=[\d.]+s;;;0;1\.5 Connections=\d+c .* Uptime=\d+c\n$/,
    );
    expect(up.code).toBe(0);
    const { stdout } = await check('prometheus');
    expect(stdout).toMatch(/^lbcheck_perfdata\{.*label="Connections",unit="c"\} \d+$/m);
    await server.stop();
    const down = await check('haproxy');
    expect(down.stdout).toMatch(/^down #Can't connect to local .*server through socket.*\n$/);
  });
});

// Postfix changes to its own users, which only root may do.
describe.runIf(process.getuid?.() === 0)('check_smtp', () => {
  test('is ok while Postfix runs, and critical where nothing listens', async ({
    onTestFinished,
  }) => {
    const { port } = await startPostfix(onTestFinished);
    const check = (where: number) => {
      const plugin = ['--', join(plugins, 'check_smtp'), '-H', '127.0.0.1', '-p', String(where)];
      return lbcheck(['exec', '--reply', 'plugin', '--timeout', '5', ...plugin]);
    };
    const up = await check(port);
    expect(up.stdout).toMatch(
      /^EXEC OK - SMTP OK - [\d.]+ sec\. response time \| time=[\d.]+s.*\n$/,
    );
    expect(up.code).toBe(0);
    const down = await check(await freePort());
    expect(down.stdout).toMatch(/^EXEC CRITICAL - connect to address 127\.0\.0\.1 and port \d+: /);
    expect(down.code).toBe(2);
  });
});
