import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

const script = resolve(import.meta.dirname, '../../scripts/install');
const install = (...words: readonly string[]) => execFileSync(script, words, { encoding: 'utf8' });

/** Every file and link below a directory: its mode, time and content. */
function tree(root: string): readonly string[] {
  const format = '%P %y %m %T@ %l\\n';
  const listing = execFileSync('find', [root, '-mindepth', '1', '-printf', format], {
    encoding: 'utf8',
  });
  return listing.split('\n').sort();
}

test('puts the executable, the plugin names and the services in their places', async ({
  onTestFinished,
}) => {
  const root = await directory(onTestFinished);
  install('--destdir', root);
  expect(statSync(join(root, 'usr/local/bin/lbcheck')).mode & 0o777).toBe(0o755);
  const link = join(root, 'usr/local/lib/nagios/plugins/check_rbl');
  expect(readlinkSync(link)).toBe('../../../bin/lbcheck');
  const { code, stdout } = await lbcheck(['--zone', 'x.example', '-p', '70000'], {
    command: link,
    input: '',
  });
  expect(stdout).toMatch(/^RBL UNKNOWN - option '-p, --port <PORT>' argument '70000' is invalid/);
  expect(code).toBe(3);
  const service = readFileSync(join(root, 'etc/xinetd.d/lbcheck-rbl'), 'utf8');
  expect(service).toMatch(/disable\s+= yes/);
  expect(service).toMatch(/server\s+= \/usr\/local\/bin\/lbcheck\n/);
});

test.each([
  ['lbcheck-rbl', '8088', 'nobody'],
  ['lbcheck-tls', '8089', 'nobody'],
  ['lbcheck-syn', '8090', 'root'],
])('ships %s switched off, on port %s, for %s', (name, port, user) => {
  const service = readFileSync(resolve(import.meta.dirname, '../../xinetd.d', name), 'utf8');
  for (const line of [
    'disable\t\t= yes',
    `port\t\t= ${port}`,
    `user\t\t= ${user}`,
    'wait\t\t= no',
  ]) {
    expect(service).toContain(`\t${line}\n`);
  }
});

test('names its prefix in the services', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  install('--destdir', root, '--prefix=/opt/lbcheck', '--plugin-dir', '/usr/lib/nagios/plugins');
  expect(readFileSync(join(root, 'etc/xinetd.d/lbcheck-rbl'), 'utf8')).toMatch(
    /server\s+= \/opt\/lbcheck\/bin\/lbcheck\n/,
  );
  expect(readlinkSync(join(root, 'usr/lib/nagios/plugins/check_rbl'))).toBe(
    '../../../../opt/lbcheck/bin/lbcheck',
  );
});

test('changes nothing the second time', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  install('--destdir', root);
  const before = tree(root);
  expect(install('--destdir', root)).not.toMatch(/^installed/m);
  expect(tree(root)).toEqual(before);
});

test('leaves nothing of itself behind', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  install('--destdir', root);
  install('--destdir', root, '--uninstall');
  const left = execFileSync('find', [root, '!', '-type', 'd'], { encoding: 'utf8' });
  expect(left).toBe('');
});

test("keeps an operator's service, and another program's plugin", async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  install('--destdir', root);
  const service = join(root, 'etc/xinetd.d/lbcheck-rbl');
  writeFileSync(service, 'mine');
  expect(install('--destdir', root)).toMatch(`kept       ${service}`);
  expect(install('--destdir', root, '--uninstall')).toMatch(`kept       ${service}`);
  expect(readFileSync(service, 'utf8')).toBe('mine');

  const plugin = join(root, 'usr/local/lib/nagios/plugins/check_rbl');
  execFileSync('install', ['-D', '/bin/true', plugin]);
  expect(install('--destdir', root)).toMatch(`kept       ${plugin}`);
  install('--destdir', root, '--uninstall');
  expect(statSync(plugin).isFile()).toBe(true);
});

test.each([
  ['a relative prefix', ['--prefix', 'usr'], "--prefix 'usr' is not an absolute path"],
  ['a prefix that xinetd cannot read', ['--prefix', '/a b'], "--prefix '/a b': allowed are"],
  ['a missing value', ['--destdir'], '--destdir needs a directory'],
  ['an unknown option', ['--force'], 'unknown option: --force'],
])('refuses %s', (_what, words, message) => {
  const { status, stderr } = spawnSync(script, words, { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
});
