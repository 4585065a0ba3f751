import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readChecksFile } from '../../src/command-line/checks-file.ts';
import { checksTable } from '../../src/command-line/checks-table.ts';
import { pagePaths, readPage } from '../support/pages.ts';

/** The blocks of code on a page that are files of checks. */
function checksFilesOn(page: string): readonly string[] {
  const blocks = [...readPage(page).matchAll(/(?:^ {4}.*\n)+/gm)].map(([block]) => block);
  return blocks.filter((block) => /^ {4}(?:#|\$ cat) \/etc\/lbcheck\/checks\n/.test(block));
}

function read(block: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'lbcheck-')), 'checks');
  onTestFinished(() => rmSync(join(path, '..'), { recursive: true }));
  writeFileSync(path, block.replace(/^ {4}\$.*$/gm, ''));
  return readChecksFile(path);
}

const pages = pagePaths().filter((page) => checksFilesOn(page).length > 0);

test('files of checks are on these pages', () => {
  expect(pages.sort()).toEqual(['README.md', 'docs/serve.md']);
});

test.each(pages)('the files of checks on %s have no mistake', (page) => {
  for (const block of checksFilesOn(page)) expect(read(block)).toMatchObject({ kind: 'loaded' });
});

test('the table of --test is that of the file on the page', () => {
  const [file = ''] = checksFilesOn('docs/serve.md');
  const result = read(file);
  if (result.kind === 'wrong') throw new Error(result.mistakes.join('\n'));
  expect(readPage('docs/serve.md')).toContain(checksTable(result).replace(/^(?=.)/gm, '    '));
});
