import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck } from '../support/executable.ts';
import { readHealth } from '../support/health-schema.ts';
import { shownBlock, shownRows } from '../support/pages.ts';
import { directory } from '../support/programs.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { startXinetd } from '../support/xinetd.ts';
import { startZabbixProxy, type ZabbixItem } from '../support/zabbix.ts';

const cleanUp = afterThisFile();
let list: Rbldnsd;
beforeAll(async () => {
  list = await startRbldnsd(cleanUp, { 'good.example': zoneFiles.good });
});

describe('keepalived', () => {
  /** Has keepalived check a configuration. */
  async function validate(text: string) {
    const files = await directory(onTestFinished, { 'keepalived.conf': text });
    const args = ['-t', '-f', join(files, 'keepalived.conf')];
    const { code, stdout, stderr } = await lbcheck(args, { command: 'keepalived', input: '' });
    return { code, text: stdout + stderr };
  }

  test('accepts HTTP_GET as it is shown, and would not accept a wrong one', async () => {
    const shown = shownBlock('keepalived http');
    expect(await validate(shown)).toEqual({ code: 0, text: '' });
    const wrong = await validate(shown.replace('status_code', 'status_cod'));
    expect(wrong.text).toMatch("Unknown keyword 'status_cod'");
    expect(wrong.code).not.toBe(0);
  });

  // It asks real servers for IPVS, which needs the kernel; this tests only its HTTP client.
  test('has an answer to its HTTP request', async () => {
    const args = `rbl 127.0.0.1 ${list.port} --zone good.example`;
    const { port } = await startXinetd(onTestFinished, args);
    const request = ['--genhash', '-s', '127.0.0.1', '-p', String(port), '-u', '/'];
    const { code, stdout } = await lbcheck(request, { command: 'keepalived', input: '' });
    expect(stdout).toMatch(/[0-9a-f]{32}/);
    expect(code).toBe(0);
  });
});

describe('Zabbix', () => {
  const address = 'lbcheck["rbl","{HOST.CONN}","53","--zone","dnsbl.example.org","--reply","json"]';

  /** The items that the page shows, with this test's port and zone. */
  function shownItems(): readonly ZabbixItem[] {
    const rows = ['External check', 'Dependent item'].flatMap(shownRows);
    return rows.map(([_name, type = '', key = '', information = '', jsonPath = '']) => ({
      type,
      key: key.replace('"53"', `"${list.port}"`).replace('dnsbl.example.org', 'good.example'),
      information,
      jsonPath,
    }));
  }

  test('reads status, reason and time out of JSON, up and down', async () => {
    expect(shownRows('External check').map(([, , key]) => key)).toEqual([address]);
    const items = shownItems();
    const proxy = await startZabbixProxy(onTestFinished, items);
    const value = (key: string) => {
      if (proxy.hasEnded()) throw new Error(proxy.output());
      return proxy.value(key);
    };
    const soon = { timeout: 15_000, interval: 200 };

    await expect.poll(() => value('lbcheck.status'), soon).toBe('pass');
    expect(readHealth(`${value(items[0]?.key ?? '')}\n`).status).toBe('pass');
    expect(value('lbcheck.output')).toBe('good.example: lists 127.0.0.2 as 127.0.0.2');
    expect(Number(value('lbcheck.time'))).toBeGreaterThan(0);
    process.kill(list.pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(list.pid, 'SIGCONT'));
    // lbcheck's exit code is now 1, but Zabbix ignores it.
    await expect.poll(() => value('lbcheck.status'), soon).toBe('fail');
    expect(value('lbcheck.output')).toMatch('good.example: no answer from 127.0.0.1');
    expect(Number(value('lbcheck.time'))).toBeGreaterThan(1);
  });
});
