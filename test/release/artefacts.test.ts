import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { probes } from '../../src/probes/index.ts';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck } from '../support/executable.ts';
import { directory } from '../support/programs.ts';
import { type Artefacts, buildRelease } from '../support/release.ts';

const root = resolve(import.meta.dirname, '../..');
const cleanUp = afterThisFile();
let built: Artefacts;
/** The Debian package, unpacked. */
let unpacked: string;
beforeAll(async () => {
  built = await buildRelease(cleanUp, 'deb', 'npm');
  unpacked = await directory(cleanUp);
  execFileSync('dpkg-deb', ['-x', built.path('.deb'), unpacked]);
});

const run = (command: string, args: readonly string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const commands = probes.map(({ name }) => name);

test('the same tree gives the same bytes', { timeout: 120_000 }, async () => {
  const again = await buildRelease(cleanUp, 'deb', 'npm');
  expect(again.names).toEqual(built.names);
  for (const name of built.names) {
    const [first, second] = [built, again].map(({ folder }) => readFileSync(join(folder, name)));
    expect(second?.equals(first ?? Buffer.alloc(0)), name).toBe(true);
  }
});

test('SHA256SUMS has the sum of every artefact', () => {
  const sums = readFileSync(built.path('SHA256SUMS'), 'utf8').trimEnd().split('\n');
  const names = built.names.filter((name) => name !== 'SHA256SUMS');
  expect(sums).toEqual(
    names.map((name) => {
      const content = readFileSync(join(built.folder, name));
      return `${createHash('sha256').update(content).digest('hex')}  ${name}`;
    }),
  );
});

test('lintian finds nothing in the Debian package', { timeout: 120_000 }, () => {
  const { stdout, stderr } = spawnSync('lintian', ['--allow-root', built.path('.deb')], {
    encoding: 'utf8',
  });
  expect(stdout + stderr).toBe('');
});

test('the Debian package runs the node of Debian, and its own executable', () => {
  const bundle = readFileSync(join(unpacked, 'usr/bin/lbcheck'), 'utf8');
  expect(bundle).toMatch(/^#!\/usr\/bin\/node\n/);
  for (const folder of ['etc/xinetd.d', 'lib/systemd/system']) {
    for (const file of readdirSync(join(unpacked, folder))) {
      const service = readFileSync(join(unpacked, folder, file), 'utf8');
      expect(service, file).not.toContain('/usr/local/bin/lbcheck');
    }
  }
});

test('the Debian package has the examples that its pages lead to', () => {
  const folder = join(unpacked, 'usr/share/doc/lbcheck');
  const page = run('zcat', ['-f', join(folder, 'docs/clients.md.gz')]);
  const links = [...page.matchAll(/\]\((\.\.\/examples\/[^)#]+)\)/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect(existsSync(join(folder, 'docs', link)), link).toBe(true);
  const { mode } = statSync(join(folder, 'examples/galera/galera-state'));
  expect(mode & 0o777).toBe(0o755);
});

test('no artefact names a path of this machine', () => {
  const pattern = `${root}|/tmp/tmp\\.|/root/`;
  const { status, stdout } = spawnSync('grep', ['-rlaE', pattern, unpacked], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});

describe('the npm package', () => {
  test('holds what is wanted, and no other file', () => {
    const files = run('tar', ['-tzf', built.path('.tgz')])
      .trim()
      .split('\n')
      .sort();
    const pages = ['lbcheck', ...commands.map((name) => `lbcheck-${name}`)];
    const shipped = ['systemd', 'xinetd.d'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
    );
    const wanted = [
      ...['LICENSE', 'README.md', 'package.json', 'dist/lbcheck', 'dist/NOTICES'],
      ...['dist/completion/lbcheck', ...pages.map((page) => `dist/man/${page}.1`), ...shipped],
    ];
    expect(files.filter((file) => !/\.5$/.test(file))).toEqual(
      expect.arrayContaining(wanted.map((file) => `package/${file}`)),
    );
    const allowed =
      /^package\/(LICENSE|README\.md|package\.json|dist\/(lbcheck|NOTICES|completion\/lbcheck|man\/lbcheck[a-z-]*\.[15])|systemd\/[^/]+|xinetd\.d\/[^/]+)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  test('depends on nothing, and is small', () => {
    const text = run('tar', ['-xzOf', built.path('.tgz'), 'package/package.json']);
    const { dependencies, optionalDependencies, peerDependencies, engines } = JSON.parse(text);
    expect({ dependencies, optionalDependencies, peerDependencies }).toEqual({});
    expect(engines).toEqual({ node: '>=18' });
    expect(readFileSync(built.path('.tgz')).length).toBeLessThan(150_000);
  });
});

describe('the manual', () => {
  const page = (name: string) => join(unpacked, `usr/share/man/man1/${name}.1.gz`);
  const all = ['lbcheck', ...commands.map((name) => `lbcheck-${name}`)];

  test('has a page for every command', () => {
    const found = readdirSync(join(unpacked, 'usr/share/man/man1'));
    expect(found).toEqual(expect.arrayContaining(all.map((name) => `${name}.1.gz`)));
  });

  test('is free of warnings', { timeout: 120_000 }, () => {
    for (const file of readdirSync(join(unpacked, 'usr/share/man'), { recursive: true })) {
      const path = join(unpacked, 'usr/share/man', String(file));
      if (!path.endsWith('.gz')) continue;
      const lint = spawnSync('mandoc', ['-T', 'lint', path], { encoding: 'utf8' });
      expect(lint.stdout).toBe('');
      const render = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', path], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
      });
      expect(render.stderr).toBe('');
    }
  });

  test.each(commands)('tells every option of %s', async (command) => {
    const { stdout: help } = await lbcheck([command, '--help']);
    const text = run('man', ['-l', '-P', 'cat', page(`lbcheck-${command}`)]);
    const options = [...help.matchAll(/^ {2}(-\S.*?)(?: {2}|$)/gm)].map(([, term = '']) => term);
    expect(options.length).toBeGreaterThan(5);
    for (const option of options) expect(text).toContain(option.replace(/[<>]/g, ''));
  });
});

describe('the completion', () => {
  /** What bash offers for these arguments, the last of which is not complete. */
  function complete(...args: readonly string[]): readonly string[] {
    const file = join(unpacked, 'usr/share/bash-completion/completions/lbcheck');
    const script = `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lbcheck
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return run('bash', ['-uc', script, 'bash', file, ...args])
      .trim()
      .split('\n');
  }

  test('offers the commands', () => {
    expect(complete('lbcheck', '')).toEqual(expect.arrayContaining(commands));
    expect(complete('lbcheck', 'rb')).toEqual(['rbl']);
  });

  test.each(commands)('offers every option of %s', async (command) => {
    const { stdout: help } = await lbcheck([command, '--help']);
    const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(
      ([, option]) => option,
    );
    expect(complete('lbcheck', command, '--')).toEqual(expect.arrayContaining(options));
  });

  test.each([
    [
      ['--reply', 'h'],
      ['http', 'haproxy'],
    ],
    [['--reply', '=', 'pl'], ['plugin']],
    [
      ['--reply', '='],
      ['http', 'plugin', 'haproxy', 'json', 'prometheus'],
    ],
    [
      ['--drain-file', '/etc/pass'],
      ['/etc/passwd', '/etc/passwd-'],
    ],
    [['--timeout', ''], ['']],
    [['--listen', 'i'], ['inetd']],
  ])('offers the values of %j', (args, values) => {
    expect([...complete('lbcheck', 'rbl', ...args)].sort()).toEqual([...values].sort());
  });

  test('offers commands behind --', () => {
    expect(complete('lbcheck', 'exec', '--', 'env')).toContain('env');
  });
});
