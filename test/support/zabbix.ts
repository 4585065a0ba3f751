import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CleanUp } from './clean-up.ts';
import { executable } from './executable.ts';
import { directory, type Program, start } from './programs.ts';

/** One item, with the terms of Zabbix' pages. */
export interface ZabbixItem {
  readonly type: string;
  readonly key: string;
  readonly information: string;
  readonly jsonPath: string;
}

/** A Zabbix proxy that checks one host, 127.0.0.1, without a server. */
export interface ZabbixProxy extends Program {
  /** The newest value of an item; a value of an item that is not supported is in brackets. */
  readonly value: (key: string) => string;
}

/** By their places in Zabbix' tables of items. */
const types = { 'External check': 10, 'Dependent item': 18 } as const;
const informations = { 'Numeric (float)': 0, Character: 1, Text: 4 } as const;
const jsonPathStep = 12;

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** The items of a host, the first of which is checked every second, as a server would send them. */
function configuration(items: readonly ZabbixItem[]): string {
  const rows = items.flatMap(({ type, key, information, jsonPath }, index) => {
    const id = index + 1;
    const isMaster = type === 'External check';
    const item = [
      ...[id, types[type as keyof typeof types], 1, text(key), text(key)],
      informations[information as keyof typeof informations],
      ...(isMaster ? [text('1s'), 1, 'NULL'] : [text('0'), 'NULL', 1]),
    ];
    const step = [id, id, 1, jsonPathStep, text(jsonPath)];
    return [
      `INSERT INTO items (itemid, type, hostid, name, key_, value_type, delay, interfaceid, master_itemid) VALUES (${item});`,
      `INSERT INTO item_rtdata (itemid) VALUES (${id});`,
      ...(isMaster
        ? []
        : [
            `INSERT INTO item_preproc (item_preprocid, itemid, step, type, params) VALUES (${step});`,
          ]),
    ];
  });
  return [
    "INSERT INTO hosts (hostid, host, name) VALUES (1, 'list', 'list');",
    "INSERT INTO interface (interfaceid, hostid, main, ip) VALUES (1, 1, 1, '127.0.0.1');",
    ...rows,
  ].join('\n');
}

/** Starts a proxy with lbcheck in its ExternalScripts. */
export async function startZabbixProxy(
  cleanUp: CleanUp,
  items: readonly ZabbixItem[],
): Promise<ZabbixProxy> {
  const files = await directory(cleanUp);
  const database = join(files, 'database');
  const query = (statements: string) =>
    execFileSync('sqlite3', ['-cmd', '.timeout 5000', database], {
      encoding: 'utf8',
      input: statements,
    });
  const schema = gunzipSync(readFileSync('/usr/share/zabbix-proxy-sqlite3/schema.sql.gz'));
  query(`PRAGMA synchronous = OFF; BEGIN; ${schema}; ${configuration(items)} COMMIT;`);
  symlinkSync(executable, join(files, 'lbcheck'));
  const settings = {
    // Nothing listens there: it knows only its own configuration.
    ...{ Server: '127.0.0.1:1', Hostname: 'test', AllowRoot: 1 },
    ...{ DBName: database, ExternalScripts: files },
    ...{ LogType: 'console', PidFile: join(files, 'pid'), SocketDir: files },
    ...{ StartTrappers: 0, StartPingers: 0, StartDiscoverers: 0, StartHTTPPollers: 0 },
    ...{ StartPollers: 1, StartPreprocessors: 1 },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(files, 'zabbix.conf'), lines.join(''));
  const args = ['-f', '-c', join(files, 'zabbix.conf')];
  const program = await start(cleanUp, 'zabbix_proxy', args);
  const value = (key: string) =>
    query(
      `SELECT iif(state, '[' || value || ']', value) FROM proxy_history
       JOIN items USING (itemid) WHERE key_ = ${text(key)} ORDER BY id DESC LIMIT 1;`,
    ).trimEnd();
  return { ...program, value };
}
