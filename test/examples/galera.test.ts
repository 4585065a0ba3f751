import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type Database, startMariadb } from '../support/databases.ts';
import { lbcheck } from '../support/executable.ts';
import { freePort } from '../support/programs.ts';

const run = promisify(execFile);
const plugin = resolve(import.meta.dirname, '../../examples/galera/galera-state');
const cleanUp = afterThisFile();

/** Options of a node that is a whole cluster by itself. */
const nodeOptions = (port: number): readonly string[] => [
  ...['--wsrep-on=ON', '--wsrep-provider=/usr/lib/galera/libgalera_smm.so', '--wsrep-new-cluster'],
  ...['--wsrep-cluster-address=gcomm://', '--binlog-format=ROW', '--wsrep-node-address=127.0.0.1'],
  `--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:${port}`,
];

async function defaultsFor({ files }: Database): Promise<string> {
  const path = join(files, 'client.cnf');
  await writeFile(path, `[client]\nuser=root\nsocket=${join(files, 'socket')}\n`);
  return path;
}

/** Runs the plugin as a check of `lbcheck exec`. */
async function check(defaults: string, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout } = await lbcheck(['exec', '--reply', 'plugin', '-t', '5', '--', plugin], {
    env: { PATH: process.env.PATH ?? '', MYSQL_DEFAULTS: defaults, ...env },
    input: '',
  });
  return { code, text: stdout.split(' | ')[0]?.trimEnd() };
}

const query = (defaults: string, statement: string) =>
  run('mariadb', [`--defaults-file=${defaults}`, '-e', statement]);

describe('a Galera node', () => {
  let node: Database;
  let defaults: string;
  beforeAll(async () => {
    node = await startMariadb(cleanUp, nodeOptions(await freePort()));
    defaults = await defaultsFor(node);
  });

  test('that is synced is ok', async () => {
    expect(await check(defaults)).toEqual({
      code: 0,
      text: expect.stringMatching(/GALERA OK - Synced, 1 in the cluster$/),
    });
  });

  test('that is read-only is critical, unless that is allowed', async () => {
    await query(defaults, 'SET GLOBAL read_only = ON');
    onTestFinished(async () => void (await query(defaults, 'SET GLOBAL read_only = OFF')));
    expect(await check(defaults)).toMatchObject({
      code: 2,
      text: expect.stringContaining('the node is read-only'),
    });
    expect(await check(defaults, { AVAILABLE_WHEN_READONLY: '1' })).toMatchObject({ code: 0 });
  });

  test('that is a donor is critical, unless that is allowed', async () => {
    await query(defaults, 'SET GLOBAL wsrep_desync = ON');
    onTestFinished(async () => void (await query(defaults, 'SET GLOBAL wsrep_desync = OFF')));
    expect(await check(defaults)).toMatchObject({
      code: 2,
      text: expect.stringContaining('the node is a donor'),
    });
    expect(await check(defaults, { AVAILABLE_WHEN_DONOR: '1' })).toMatchObject({ code: 0 });
  });

  test('that has left its cluster is critical', async () => {
    const elsewhere = `gcomm://127.0.0.1:${await freePort()}`;
    // Returns only when it has given up, or when the server ends.
    const leaving = query(defaults, `SET GLOBAL wsrep_cluster_address = '${elsewhere}'`);
    leaving.catch(() => {});
    await expect
      .poll(async () => (await check(defaults)).text, { timeout: 20_000 })
      .toMatch(/the node is not in the primary component$/);
    expect((await check(defaults)).code).toBe(2);
  });
});

test('a server that is no Galera node is unknown', async () => {
  const server = await startMariadb(onTestFinished);
  expect(await check(await defaultsFor(server))).toMatchObject({
    code: 3,
    text: expect.stringContaining('this server is no Galera node'),
  });
});

test('a server that does not answer is critical', async () => {
  const server = await startMariadb(onTestFinished);
  const defaults = await defaultsFor(server);
  await server.stop();
  expect(await check(defaults)).toMatchObject({
    code: 2,
    text: expect.stringContaining('no answer from the server'),
  });
});
