import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { executable, isNative, lbcheck, parseResponse } from '../support/executable.ts';
import { answerOnSocket } from '../support/on-socket.ts';
import { directory } from '../support/programs.ts';

const cleanUp = afterThisFile();
let list: DnsServer;
let args: readonly string[];

beforeAll(async () => {
  list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  cleanUp(list.close);
  args = ['rbl', list.address, String(list.port), '--zone', 'list.example'];
});

/** The modules of Node that a program has loaded at its end, itself or through another. */
async function modulesOf(...program: readonly string[]): Promise<readonly string[]> {
  const fixture = join(import.meta.dirname, '../fixtures/lists-modules.cjs');
  const { stderr } = await lbcheck(['--require', fixture, ...program], {
    ...{ command: process.execPath, input: '\r\n' },
  });
  return stderr.split('\n');
}

describe.skipIf(isNative)('a plain check', () => {
  // Each module takes a part of a millisecond, some take several.
  test('loads no more of Node than a UDP socket', async () => {
    const open = `createSocket({ type: 'udp4', lookup: (name, _, done) => done(null, name, 4) })`;
    const use = `${open}.bind(0, '127.0.0.1', function () { this.close(); })`;
    const needed = await modulesOf('-e', `require('node:dgram').${use}; require('node:fs')`);
    const loaded = await modulesOf(executable, ...args);
    expect(loaded).toContain('NativeModule dgram');
    // For the parts of the program, and for the signals that it ignores.
    const allowed = [...needed, 'NativeModule vm', 'Internal Binding signal_wrap'];
    expect(loaded.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test('needs only the early part of the program', async ({ onTestFinished }) => {
    const early = join(await directory(onTestFinished), 'lbcheck');
    const both = readFileSync(executable, 'utf8');
    writeFileSync(early, both.replace(/(late:function\(\)\{\n\/\/).*/, '$1'));
    chmodSync(early, 0o755);
    const request = 'GET / HTTP/1.1\r\nHost: list.example\r\n\r\n';
    const onPipe = await lbcheck(args, { command: early, input: request });
    expect(parseResponse(onPipe.stdout).status).toBe(200);
    expect(parseResponse(await answerOnSocket([early, ...args], request)).status).toBe(200);
    const plugin = await lbcheck(args, { command: early, input: '' });
    expect(plugin.stdout).toMatch(/^RBL OK/);
    // What it stands for is not there.
    expect((await lbcheck(['--help'], { command: early, input: '' })).code).not.toBe(0);
  });
});
