import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { executable, install, installer, isNative, lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';

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
  ['lbcheck-rbl', '8088', 'nobody', 'no'],
  ['lbcheck-rbl-resident', '8088', 'nobody', 'yes'],
  ['lbcheck-tls', '8089', 'nobody', 'no'],
  ['lbcheck-syn', '8090', 'root', 'no'],
  ['lbcheck-agent', '8091', 'nobody', 'no'],
  ['lbcheck-exec-pgsql', '8092', 'postgres', 'no'],
])('ships %s switched off, on port %s, for %s', (name, port, user, wait) => {
  const service = readFileSync(resolve(import.meta.dirname, '../../xinetd.d', name), 'utf8');
  for (const line of [
    'disable\t\t= yes',
    `port\t\t= ${port}`,
    `user\t\t= ${user}`,
    `wait\t\t= ${wait}`,
  ]) {
    expect(service).toContain(`\t${line}\n`);
  }
});

test('has the kernel end the resident with its xinetd', () => {
  const file = resolve(import.meta.dirname, '../../xinetd.d/lbcheck-rbl-resident');
  const service = readFileSync(file, 'utf8');
  expect(service).toContain('\tserver\t\t= /usr/bin/setpriv\n');
  expect(service).toMatch(
    /^\tserver_args\t= --pdeathsig TERM \/usr\/local\/bin\/lbcheck rbl .*--listen inetd/m,
  );
});

test('names its prefix in the services', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  install('--destdir', root, '--prefix=/opt/lbcheck', '--plugin-dir', '/usr/lib/nagios/plugins');
  expect(readFileSync(join(root, 'etc/xinetd.d/lbcheck-rbl'), 'utf8')).toMatch(
    /server\s+= \/opt\/lbcheck\/bin\/lbcheck\n/,
  );
  expect(readFileSync(join(root, 'etc/systemd/system/lbcheck-rbl.service'), 'utf8')).toMatch(
    '\nExecStart=/opt/lbcheck/bin/lbcheck rbl ',
  );
  expect(readlinkSync(join(root, 'usr/lib/nagios/plugins/check_rbl'))).toBe(
    '../../../../opt/lbcheck/bin/lbcheck',
  );
});

test.each(['/usr', '/usr/local'])('puts units of systemd below the prefix %s', async (prefix) => {
  const root = await directory(onTestFinished);
  install('--destdir', root, '--prefix', prefix);
  for (const unit of ['lbcheck-rbl.socket', 'lbcheck-rbl.service']) {
    expect(existsSync(join(root, prefix, 'lib/systemd/system', unit))).toBe(true);
  }
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

test('replaces the one executable by the other, and removes either', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  const other = isNative ? [] : ['--native'];
  execFileSync(installer, [...other, '--destdir', root]);
  expect(install('--destdir', root)).toMatch(/^installed .*bin\/lbcheck$/m);
  const installed = join(root, 'usr/local/bin/lbcheck');
  expect(statSync(installed).size).toBe(statSync(executable).size);
  execFileSync(installer, [...other, '--destdir', root, '--uninstall']);
  expect(existsSync(installed)).toBe(false);
});

test('tells how to build what is missing', async ({ onTestFinished }) => {
  const files = await directory(onTestFinished);
  for (const name of ['scripts', 'xinetd.d']) mkdirSync(join(files, name));
  const copy = join(files, 'scripts/install');
  copyFileSync(installer, copy);
  const words = [...(isNative ? ['--native'] : []), '--destdir', files];
  const { status, stderr } = spawnSync(copy, words, { encoding: 'utf8' });
  expect(stderr).toBe(
    isNative
      ? "scripts/install: dist/lbcheck-linux-x64 is missing: run 'npm ci && npm run build:native' first\n"
      : "scripts/install: dist/lbcheck is missing: run 'npm ci && npm run build' first\n",
  );
  expect(status).toBe(1);
});

test('speaks of node where it is missing and needed', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  const needed = 'cat cmp dirname grep install ln mkdir mktemp readlink realpath rm sed sh';
  const tools = await directory(onTestFinished);
  const link = 'for tool in $0; do ln -s "$(command -v $tool)" "$1"; done';
  execFileSync('sh', ['-c', link, needed, tools]);
  const words = [...(isNative ? ['--native'] : []), '--destdir', root];
  const { status, stderr } = spawnSync(installer, words, {
    encoding: 'utf8',
    env: { PATH: tools },
  });
  const note = 'Note: node is not in PATH; lbcheck needs Node.js 18 or later.\n';
  expect({ status, stderr }).toEqual({ status: 0, stderr: isNative ? '' : note });
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
  const { status, stderr } = spawnSync(installer, words, { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
});
