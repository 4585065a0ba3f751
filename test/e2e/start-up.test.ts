import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { executable, isNative, lbcheck } from '../support/executable.ts';

const fixture = join(import.meta.dirname, '../fixtures/lists-modules.cjs');

/** The modules of Node that a program loads, itself or through another. */
async function modulesOf(...program: readonly string[]): Promise<readonly string[]> {
  const args = ['--require', fixture, ...program];
  const { stderr } = await lbcheck(args, { command: process.execPath, input: '\r\n' });
  return stderr.split('\n');
}

// Each module takes a part of a millisecond, some take several.
test.skipIf(isNative)(
  'a check over UDP loads no more of Node than a UDP socket',
  async ({ onTestFinished }) => {
    const list = await startDnsServer(
      listResponder({ zone: 'list.example', entries: testEntries }),
    );
    onTestFinished(list.close);
    const open = `createSocket({ type: 'udp4', lookup: (name, _, done) => done(null, name, 4) })`;
    const aSocket = `require('node:dgram').${open}.bind(0, '127.0.0.1', function () { this.close(); })`;
    const needed = await modulesOf('-e', `${aSocket}; require('node:fs')`);
    const target = [list.address, String(list.port)];
    const loaded = await modulesOf(executable, 'rbl', ...target, '--zone', 'list.example');
    expect(loaded).toContain('NativeModule dgram');
    const more = loaded.filter((name) => !needed.includes(name));
    // For the signals that it ignores.
    expect(more).toEqual(['Internal Binding signal_wrap']);
  },
);
