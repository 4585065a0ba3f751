import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const text = () => readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');

/** The block of the README that has these words behind its fence, such as `haproxy agent`. */
export function shownBlock(words: string): string {
  const [, block] = new RegExp(`^\`\`\`${words}\\n(.*?)^\`\`\``, 'ms').exec(text()) ?? [];
  if (block === undefined) throw new Error(`the README has no block of ${words}`);
  return block;
}

/** The rows of the README's tables with a cell of this text; without the marks of code. */
export function shownRows(cell: string): readonly (readonly string[])[] {
  const rows = text()
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((part) => part.trim().replace(/^`(.*)`$/, '$1')),
    )
    .filter((cells) => cells.includes(cell));
}

/** A text with each of these parts replaced; one that it does not have is a mistake. */
export function adapted(shown: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the README does not show ${from}`);
    return changed.replaceAll(from, to);
  }, shown);
}
