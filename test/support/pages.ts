import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const top = resolve(import.meta.dirname, '../..');

/** The path of every page that users read, from the top of the repository. */
export function pagePaths(): readonly string[] {
  const inDocs = readdirSync(resolve(top, 'docs')).map((name) => `docs/${name}`);
  const pages = [...readdirSync(top), ...inDocs, 'examples/README.md'];
  return pages.filter((path) => path.endsWith('.md'));
}

/** The text of one page. */
export function readPage(path: string): string {
  return readFileSync(resolve(top, path), 'utf8');
}

/** The only block of the pages with this text after its fence, such as `haproxy agent`. */
export function shownBlock(info: string): string {
  const fenced = new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\``, 'gms');
  const found = pagePaths().flatMap((path) => [...readPage(path).matchAll(fenced)]);
  const block = found[0]?.[1];
  if (block === undefined || found.length > 1) {
    throw new Error(`the pages have ${found.length} blocks of ${info}`);
  }
  return block;
}

/** The rows of the pages' tables with a cell of this text; without the marks of code. */
export function shownRows(cell: string): readonly (readonly string[])[] {
  const rows = pagePaths()
    .flatMap((path) => readPage(path).split('\n'))
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
    if (!changed.includes(from)) throw new Error(`the page does not show ${from}`);
    return changed.replaceAll(from, to);
  }, shown);
}
