import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../package.json';
import { directory } from '../support/programs.ts';

const root = resolve(import.meta.dirname, '../..');

/** A repository with what scripts/release looks at before it builds anything. */
async function repository(cleanUp: Parameters<typeof directory>[0], changelog: string) {
  const folder = await directory(cleanUp, { 'CHANGELOG.md': changelog });
  for (const file of ['scripts/release', 'package.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'all');
  return folder;
}

const release = (folder: string, ...args: readonly string[]) =>
  spawnSync(join(folder, 'scripts/release'), args, { encoding: 'utf8' });

test('a release needs everything committed', async ({ onTestFinished }) => {
  const folder = await repository(onTestFinished, `## [${version}] - 2026-11-26\n`);
  appendFileSync(join(folder, 'package.json'), '\n');
  const { status, stderr } = release(folder);
  expect(stderr).toBe('scripts/release: not all is committed:\n M package.json\n');
  expect(status).toBe(1);
});

test.each([
  '## [Unreleased]\n',
  `## [${version}]\n`,
  '## [0.0.1] - 2026-01-01\n',
  `## [${version.replaceAll('.', '-')}] - 2026-11-26\n`,
])('a release needs its heading in the changelog, which %j is not', async (heading) => {
  const undo: (() => void | Promise<void>)[] = [];
  const folder = await repository((step) => void undo.push(step), `# Changelog\n\n${heading}`);
  const { status, stderr } = release(folder);
  for (const step of undo) await step();
  expect(stderr).toBe(
    `scripts/release: CHANGELOG.md has no heading '## [${version}] - YYYY-MM-DD'\n`,
  );
  expect(status).toBe(1);
});

test.each([
  [['--output'], '--output needs a directory'],
  [['exe'], 'unknown artefact: exe; allowed are deb, native-deb, rpm, npm, image'],
  [['--fast'], 'unknown option: --fast'],
])('scripts/release %j is wrong usage', (args, message) => {
  const { status, stderr } = release(root, ...args);
  expect(stderr.split('\n').at(-2)).toBe(`scripts/release: ${message}`);
  expect(status).toBe(1);
});

test('the version stands in package.json alone', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(lock.version).toBe(version);
});
