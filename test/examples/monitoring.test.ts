import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { lbcheck } from '../support/executable.ts';
import { directory, freePort } from '../support/programs.ts';
import { startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { configureNagios } from '../support/syn-monitoring.ts';
import { startZabbixProxy, type ZabbixItem } from '../support/zabbix.ts';

const read = (file: string) =>
  readFileSync(resolve(import.meta.dirname, '../../examples', file), 'utf8');

/** Runs a program to its end, and returns all that it printed. */
async function judge(command: string, args: readonly string[]) {
  const { code, stdout, stderr } = await lbcheck(args, { command, input: '' });
  return { code, text: stdout + stderr };
}

test('Nagios accepts the commands and services', async () => {
  const groups = ['dnsbl-servers', 'license-servers', 'mail-servers'].map(
    (name) => `define hostgroup {\n  hostgroup_name ${name}\n  members mx1\n}\n`,
  );
  const text = read('nagios/lbcheck.cfg') + groups.join('');
  const { main } = await configureNagios(onTestFinished, text, '127.0.0.1');
  const { code, text: printed } = await judge('nagios4', ['-v', main]);
  expect(printed).toMatch(/Total Warnings: 0\nTotal Errors: +0\n/);
  expect(code).toBe(0);
});

test('Icinga 2 accepts the commands, and makes the services of a host', async () => {
  const host = `object Host "mx1" {
  check_command = "hostalive"
  address = "127.0.0.1"
  vars.dnsbl_zones = [ "a.example", "b.example" ]
  vars.license_port = 27000
  vars.smtp = true
}\n`;
  const files = await directory(onTestFinished, {
    'icinga2.conf': `include <itl>\ninclude <plugins>\nobject CheckerComponent "checker" {}\n${read('icinga2/lbcheck.conf')}${host}`,
  });
  const constants = {
    ...{ PluginDir: '/usr/lib/nagios/plugins', NodeName: 'test' },
    ...{ DataDir: files, CacheDir: files, SpoolDir: files, LogDir: files, InitRunDir: files },
    ...{ RunAsUser: 'root', RunAsGroup: 'root' },
  };
  const defines = Object.entries(constants).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const args = ['daemon', '-C', '-c', join(files, 'icinga2.conf'), ...defines];
  const { code, text } = await judge('icinga2', args);
  expect(text).toContain('Instantiated 3 Services.');
  expect(text).not.toMatch(/warning|critical/);
  expect(code).toBe(0);
});

test('HAProxy accepts the backends', async () => {
  const port = await freePort();
  const files = await directory(onTestFinished, {
    'haproxy.cfg': `defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend f
    mode tcp
    bind 127.0.0.1:${port}
    default_backend license_servers
${read('haproxy/lbcheck.cfg')}`,
  });
  const { code, text } = await judge('haproxy', ['-c', '-f', join(files, 'haproxy.cfg')]);
  expect({ code, text }).toEqual({ code: 0, text: 'Configuration file is valid\n' });
});

test('keepalived accepts the virtual server', async () => {
  const files = await directory(onTestFinished, {
    // Its plugin must exist.
    'keepalived.conf': read('keepalived/lbcheck.conf').replace(
      '/usr/lib/nagios/plugins/check_tls',
      '/bin/true',
    ),
  });
  const { code, text } = await judge('keepalived', ['-t', '-f', join(files, 'keepalived.conf')]);
  expect({ code, text }).toEqual({ code: 0, text: '' });
});

interface TemplateItem {
  readonly key: string;
  readonly preprocessing?: readonly { readonly parameters: readonly string[] }[];
}

describe('the template of Zabbix', () => {
  const { templates } = parse(read('zabbix/lbcheck.yaml')).zabbix_export;
  const items: readonly TemplateItem[] = templates[0].items;

  test('has identifiers of their own, as its import asks for', () => {
    const ids = read('zabbix/lbcheck.yaml').match(/(?<=uuid: )\S+/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    // RFC 4122 section 4.4, without its dashes: a random one.
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  test('reads with its JSONPath steps what lbcheck answers', async () => {
    const list = await startRbldnsd(onTestFinished, { 'a.example': zoneFiles.good });
    const args = ['rbl', '127.0.0.1', list.port, '--zone', 'a.example', '--reply', 'json'];
    const master: ZabbixItem = {
      type: 'External check',
      key: `lbcheck[${args.map((arg) => `"${arg}"`).join(',')}]`,
      information: 'Text',
      jsonPath: '',
    };
    const dependent = items.slice(1).map(({ key, preprocessing }) => ({
      ...{ type: 'Dependent item', key, information: 'Text' },
      jsonPath: (preprocessing?.[0]?.parameters[0] ?? '').replace('{$LBCHECK.COMPONENT}', 'rbl'),
    }));
    const proxy = await startZabbixProxy(onTestFinished, [master, ...dependent]);
    const soon = { timeout: 15_000, interval: 200 };
    await expect.poll(() => proxy.value('lbcheck.status'), soon).toBe('pass');
    expect(proxy.value('lbcheck.reason')).toBe('a.example: lists 127.0.0.2 as 127.0.0.2');
    expect(Number(proxy.value('lbcheck.time'))).toBeGreaterThan(0);
  });
});
