import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { executable, install, installer, isNative, lbcheck } from '../support/executable.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { isListening } from '../support/xinetd.ts';

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
  const plugins = join(root, 'usr/local/lib/nagios/plugins');
  expect(readdirSync(plugins).sort()).toEqual([
    ...['check_dns_answer', 'check_dnsbl', 'check_rbl', 'check_tcp_half_open', 'check_tls'],
  ]);
  const link = join(plugins, 'check_dnsbl');
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
  ['lbcheck-syn', '8090', 'nobody', 'no'],
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
  expect(readlinkSync(join(root, 'usr/lib/nagios/plugins/check_dnsbl'))).toBe(
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
  const args = [...(isNative ? ['--native'] : []), '--destdir', files];
  const { status, stderr } = spawnSync(copy, args, { encoding: 'utf8' });
  expect(stderr).toBe(
    isNative
      ? "scripts/install: dist/lbcheck-linux-x64 is missing: run 'npm ci && npm run build:native' first\n"
      : "scripts/install: dist/lbcheck is missing: run 'npm ci && npm run build' first\n",
  );
  expect(status).toBe(1);
});

/** scripts/install for real, into a prefix, in a file system that hides where services stand. */
const installHere = (...args: readonly string[]) => {
  const hidden =
    'for place in /etc/xinetd.d /etc/systemd/system /run; do mkdir -p $place; mount -t tmpfs tmpfs $place; done';
  const line = `${hidden}; exec "$@"`;
  const command = ['--mount', 'sh', '-euc', line, 'sh', installer, ...args];
  return execFileSync('unshare', command, { encoding: 'utf8' });
};

test.skipIf(isNative || process.getuid?.() !== 0)(
  'makes the code cache of this machine, makes it again, and removes it',
  async ({ onTestFinished }) => {
    const prefix = join(await directory(onTestFinished), 'usr');
    const made = `made       the code cache for Node.js ${process.version} in ${prefix}/lib/lbcheck`;
    const names = () => readdirSync(join(prefix, 'lib/lbcheck')).sort();
    expect(installHere('--prefix', prefix)).toContain(made);
    const caches = ['early', 'late'].map((part) =>
      expect.stringMatching(`^[0-9a-f]{32}-${process.version}-${process.arch}-${part}\\.cache$`),
    );
    expect(names()).toEqual([...caches, 'make-code-cache']);
    const old = join(prefix, `lib/lbcheck/${'0'.repeat(32)}-v18.0.0-x64-early.cache`);
    writeFileSync(old, '');
    expect(installHere('--prefix', prefix)).toContain(made);
    expect(names()).toEqual([...caches, 'make-code-cache']);
    expect(installHere('--prefix', prefix, '--uninstall')).toMatch(/^removed .*-late\.cache$/m);
    expect(existsSync(join(prefix, 'lib/lbcheck'))).toBe(false);
  },
);

test.skipIf(isNative)('a code cache that would answer wrongly is not left behind', async () => {
  const root = await directory(onTestFinished);
  install('--destdir', root);
  const bundle = join(root, 'usr/local/bin/lbcheck');
  const maker = join(root, 'usr/local/lib/lbcheck/make-code-cache');
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace('is running.', 'is RUNNING.'));
  const { status, stderr } = spawnSync(maker, [bundle], { encoding: 'utf8' });
  expect(stderr).toMatch(/^make-code-cache: lbcheck rbl .* answers "HTTP/);
  expect(status).toBe(1);
  expect(readdirSync(join(root, 'usr/local/lib/lbcheck'))).toEqual(['make-code-cache']);
});

test('speaks of node where it is missing and needed', async ({ onTestFinished }) => {
  const root = await directory(onTestFinished);
  const needed = 'cat cmp dirname grep install ln mkdir mktemp readlink realpath rm sed sh';
  const tools = await directory(onTestFinished);
  const link = 'for tool in $0; do ln -s "$(command -v $tool)" "$1"; done';
  execFileSync('sh', ['-c', link, needed, tools]);
  const args = [...(isNative ? ['--native'] : []), '--destdir', root];
  const { status, stderr } = spawnSync(installer, args, {
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

  const plugin = join(root, 'usr/local/lib/nagios/plugins/check_dnsbl');
  execFileSync('install', ['-D', '/bin/true', plugin]);
  expect(install('--destdir', root)).toMatch(`kept       ${plugin}`);
  install('--destdir', root, '--uninstall');
  expect(statSync(plugin).isFile()).toBe(true);
});

describe('check_rbl, the older name of check_dnsbl,', () => {
  test.each([
    ['the directory of the plugins', 'usr/local/lib/nagios/plugins', 'kept'],
    ["Debian's directory", 'usr/lib/nagios/plugins', 'left out'],
    ["Fedora's directory", 'usr/lib64/nagios/plugins', 'left out'],
  ])('is not installed where another program has it: %s', async (_what, folder, word) => {
    const root = await directory(onTestFinished);
    const foreign = join(root, folder, 'check_rbl');
    execFileSync('install', ['-D', '/bin/true', foreign]);
    const link = join(root, 'usr/local/lib/nagios/plugins/check_rbl');
    expect(install('--destdir', root)).toMatch(new RegExp(`^${word} +${link} `, 'm'));
    expect(lstatSync(foreign).isFile()).toBe(true);
    expect(lstatSync(link.replace('rbl', 'dnsbl')).isSymbolicLink()).toBe(true);
    install('--destdir', root, '--uninstall');
    expect(lstatSync(foreign).isFile()).toBe(true);
  });
});

describe('uninstalling', () => {
  /** Files and links below a directory. */
  const left = (root: string) =>
    execFileSync('find', [root, '!', '-type', 'd', '-printf', '%P\\n'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '');

  test('finds the plugins in every directory where they were put', async () => {
    const root = await directory(onTestFinished);
    for (const folder of ['/opt/plugins', '/usr/lib/nagios/plugins', '/srv/icinga']) {
      install('--destdir', root, '--plugin-dir', folder);
    }
    // Plugins of others stay, and so does a link of that name to another program.
    execFileSync('ln', ['-s', '/bin/true', join(root, 'opt/plugins/check_other')]);
    execFileSync('ln', ['-sf', '/bin/true', join(root, 'srv/icinga/check_tls')]);
    install('--destdir', root, '--uninstall');
    expect(left(root).sort()).toEqual(['opt/plugins/check_other', 'srv/icinga/check_tls']);
  });

  /** How an administrator changed a shipped service, and what must remain of it. */
  const edits: readonly (readonly [string, (text: string) => string])[] = [
    ['enabled', (text) => text.replace(/disable\s*= yes/, 'disable = no')],
    ['without the line', (text) => text.replace(/.*disable\s*= yes\n/, '')],
    ['with other blanks', (text) => text.replace(/disable\s*= yes/, 'disable=no  ')],
  ];

  test.each(edits)('disables a service that was edited: %s', async (_what, edit) => {
    const root = await directory(onTestFinished);
    install('--destdir', root);
    const edited = ['lbcheck-rbl', 'lbcheck-rbl-resident'].map((name) =>
      join(root, 'etc/xinetd.d', name),
    );
    for (const file of edited) writeFileSync(file, edit(readFileSync(file, 'utf8')));
    const output = install('--destdir', root, '--uninstall');
    for (const file of edited) {
      expect(output).toMatch(`disabled   ${file} (its server is gone)\n`);
      const text = readFileSync(file, 'utf8');
      expect(text.match(/^\s*disable\s*=.*$/gm)).toEqual(['\tdisable\t\t= yes']);
    }
    expect(left(root)).toHaveLength(2);
  });

  test('disables services of other names, and nobody else', async () => {
    const root = await directory(onTestFinished);
    install('--destdir', root);
    const service = (server: string) => `service x\n{\n\tserver = ${server}\n\tdisable = no\n}\n`;
    const ours = service('/usr/local/bin/lbcheck');
    const foreign = [service('/bin/true'), service('/usr/local/bin/lbcheck-other')].join('');
    const file = join(root, 'etc/xinetd.d/mine');
    writeFileSync(file, `# lbcheck\n${foreign}${ours}defaults\n{\n}\n`);
    const output = install('--destdir', root, '--uninstall');
    expect(output).toMatch(`disabled   ${file}`);
    expect(readFileSync(file, 'utf8')).toBe(
      `# lbcheck\n${foreign}service x\n{\n\tdisable\t\t= yes\n\tserver = /usr/local/bin/lbcheck\n}\ndefaults\n{\n}\n`,
    );
    expect(install('--destdir', root, '--uninstall')).not.toMatch('disabled');
  });

  test('disables a service that runs a plugin name', async () => {
    const root = await directory(onTestFinished);
    install('--destdir', root, '--plugin-dir', '/opt/plugins');
    const file = join(root, 'etc/xinetd.d/mine');
    const server = 'server = /opt/plugins/check_tls';
    writeFileSync(file, `service x\n{\n\t${server}\n\tdisable = no\n}\n`);
    install('--destdir', root, '--uninstall');
    expect(readFileSync(file, 'utf8')).toBe(`service x\n{\n\tdisable\t\t= yes\n\t${server}\n}\n`);
  });

  test('takes an edited unit out of systemd', async () => {
    const root = await directory(onTestFinished);
    install('--destdir', root);
    const socket = join(root, 'usr/local/lib/systemd/system/lbcheck-rbl.socket');
    appendFileSync(socket, '# mine\n');
    const wants = join(root, 'etc/systemd/system/sockets.target.wants');
    mkdirSync(wants, { recursive: true });
    for (const unit of ['lbcheck-rbl.socket', 'other.socket']) {
      symlinkSync(`/usr/local/lib/systemd/system/${unit}`, join(wants, unit));
    }
    install('--destdir', root, '--uninstall');
    expect(readdirSync(wants)).toEqual(['other.socket']);
    expect(existsSync(socket)).toBe(true);
  });

  test('takes every instance of a template out of systemd', async () => {
    const root = await directory(onTestFinished);
    install('--destdir', root);
    const links = [
      'sockets.target.wants/lbcheck@web.socket',
      'a.target.requires/lbcheck@b.service',
    ];
    const others = ['sockets.target.wants/lbcheck@web.timer', 'a.target.requires/lbchecks.service'];
    for (const link of [...links, ...others]) {
      const path = join(root, 'etc/systemd/system', link);
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync('/usr/local/lib/systemd/system/lbcheck@.socket', path);
    }
    install('--destdir', root, '--uninstall');
    expect(left(join(root, 'etc/systemd/system')).sort()).toEqual(others.sort());
  });

  test('leaves a service that xinetd reads and does not start', async () => {
    const root = await directory(onTestFinished);
    install('--destdir', root);
    const file = join(root, 'etc/xinetd.d/lbcheck-rbl');
    const port = String(await freePort());
    const edited = readFileSync(file, 'utf8')
      .replace(/disable\s*= yes/, 'disable = no')
      .replace('8088', port);
    writeFileSync(file, edited);
    install('--destdir', root, '--uninstall');
    writeFileSync(join(root, 'xinetd.conf'), `defaults\n{\n}\nincludedir ${root}/etc/xinetd.d\n`);
    const args = ['-d', '-f', join(root, 'xinetd.conf'), '-pidfile', join(root, 'pid')];
    const xinetd = await start(onTestFinished, 'xinetd', args);
    await until('xinetd has read it', async () => {
      return xinetd.hasEnded() || /[Ss]tarted working|no services/i.test(xinetd.output());
    });
    expect(xinetd.output()).not.toMatch(/is not executable|lbcheck-rbl.*not found/);
    expect(await isListening(Number(port))).toBe(false);
  });
});

test.each([
  ['a relative prefix', ['--prefix', 'usr'], "--prefix 'usr' is not an absolute path"],
  ['a prefix that xinetd cannot read', ['--prefix', '/a b'], "--prefix '/a b': allowed are"],
  ['a missing value', ['--destdir'], '--destdir needs a directory'],
  ['an unknown option', ['--force'], 'unknown option: --force'],
])('refuses %s', (_what, args, message) => {
  const { status, stderr } = spawnSync(installer, args, { encoding: 'utf8' });
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
});
