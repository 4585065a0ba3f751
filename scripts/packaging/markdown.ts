import { entry, example, fill, heading, inline } from './roff.ts';

/**
 * A page of docs/ in two parts: the text below its title, and its sections. Some sections can be left
 * out, or only some included.
 */
export function pageToRoff(
  markdown: string,
  leftOut: readonly string[] = [],
  wanted?: readonly string[],
): { readonly intro: string; readonly sections: string } {
  const [title = '', ...sections] = markdown.split(/^## /m);
  const kept = sections.filter((section) => {
    const name = firstLine(section);
    return !leftOut.includes(name) && (wanted?.includes(name) ?? true);
  });
  return {
    intro: blocksToRoff(title.replace(/^# .*\n/, '')),
    sections: kept.map(sectionToRoff).join('\n'),
  };
}

function sectionToRoff(section: string): string {
  const body = section.slice(firstLine(section).length);
  return [heading('SH', plain(firstLine(section))), blocksToRoff(body)].join('\n');
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

/** Headings cannot change the font. */
const plain = (markdown: string) => markdown.replaceAll('`', '');

function blocksToRoff(markdown: string): string {
  return blocksOf(markdown).map(blockToRoff).filter(Boolean).join('\n');
}

/** Blocks between empty lines; fenced and indented code stays in one piece. */
function blocksOf(markdown: string): readonly (readonly string[])[] {
  const blocks: string[][] = [[]];
  let isFenced = false;
  for (const line of markdown.split('\n')) {
    const last = blocks.at(-1) ?? [];
    if (line.startsWith('```')) isFenced = !isFenced;
    const isCode = isFenced || (last[0] ?? '').startsWith('```') || /^ {4}/.test(last[0] ?? '');
    const isOpen = isFenced || (isCode && /^( {4}|$|```)/.test(line) && !isClosed(last));
    if (isOpen || (line !== '' && !isCode)) last.push(line);
    else blocks.push(line === '' ? [] : [line]);
  }
  return blocks.filter((block) => block.some((line) => line !== ''));
}

const isClosed = (block: readonly string[]) =>
  (block[0] ?? '').startsWith('```') && block.length > 1 && block.at(-1) === '```';

function blockToRoff(block: readonly string[]): string {
  const [first = ''] = block;
  const text = block.join('\n');
  if (first.startsWith('```')) return example(block.slice(1, -1));
  if (first.startsWith('    ')) return example(text.trimEnd().replace(/^ {4}/gm, '').split('\n'));
  if (first.startsWith('### ')) {
    const rest = block.slice(1);
    return [
      heading('SS', plain(first.slice(4))),
      ...(rest.length > 0 ? [blockToRoff(rest)] : []),
    ].join('\n');
  }
  if (first.startsWith('|')) return tableToRoff(block);
  if (/^(- |\d+\. )/.test(first)) return listToRoff(text);
  if (/^!\[/.test(first)) return '';
  return `.PP\n${fill(inline(text.replaceAll('\n', ' ')))}`;
}

function listToRoff(text: string): string {
  return text
    .split(/^(?:- |\d+\. )/m)
    .slice(1)
    .map((item) => `.IP \\(bu 2\n${fill(inline(item.replace(/\s+/g, ' ')))}`)
    .join('\n');
}

/**
 * Each row is an entry: its first cell, then the others; the cells from the third on begin with the name
 * of their column.
 */
function tableToRoff(rows: readonly string[]): string {
  const [columns = [], , ...entries] = rows.map(cells);
  return entries
    .map(([term = '', description = '', ...others]) => {
      const more = others
        .map((cell, index) => named(columns[index + 2] ?? '', cell))
        .filter(Boolean);
      return entry(inline(term), [description, ...more].map(inline).join('; '));
    })
    .join('\n');
}

const named = (column: string, cell: string) => (cell === '' ? '' : `${column}: ${cell}`);

const cells = (row: string) =>
  row
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim());
