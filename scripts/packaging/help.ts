import { execFileSync } from 'node:child_process';

/** One row of a list in a help text: an option, an argument, a command. */
export interface HelpItem {
  /** Such as `-t, --timeout <SECONDS>`. */
  readonly term: string;
  readonly description: string;
}

/** The text below one heading: a list, or else lines. */
export interface HelpSection {
  readonly heading: string;
  readonly items: readonly HelpItem[];
  readonly lines: readonly string[];
}

/** A help text as commander prints it, taken apart. */
export interface Help {
  /** Such as `lbcheck rbl [options] [HOST] [PORT]`. */
  readonly usage: string;
  readonly description: string;
  readonly sections: readonly HelpSection[];
}

/** The help of the executable itself (`command` undefined), or of one of its commands. */
export function readHelp(executable: string, command?: string): Help {
  const args = command === undefined ? ['--help'] : [command, '--help'];
  const text = execFileSync(process.execPath, [executable, ...args], { encoding: 'utf8' });
  return parseHelp(text);
}

/** The commands that the help of the executable itself lists, without `help`. */
export function commandsOf(help: Help): readonly HelpItem[] {
  const commands = help.sections
    .filter(({ heading }) => !/options|^Arguments/i.test(heading))
    .flatMap(({ items }) => items)
    .map(({ term, description }) => ({ term: term.split(' ')[0] ?? '', description }))
    .filter(({ term }) => term !== 'help');
  if (commands.length === 0) throw new Error('the help lists no commands');
  return commands;
}

/** Options of a help text, in all of its groups. */
export const optionsOf = (help: Help): readonly HelpItem[] =>
  help.sections.flatMap(({ items }) => items).filter(({ term }) => term.startsWith('-'));

/** Short headings have lists below them; other headings, and these two, have plain lines. */
const isList = (heading: string) =>
  heading.split(' ').length <= 3 && !/^(Examples|Exit codes)$/.test(heading);

export function parseHelp(text: string): Help {
  const [first = '', ...blocks] = text.trimEnd().split(/\n\n+/);
  const usage = /^Usage: (.*)$/s.exec(first)?.[1];
  if (usage === undefined) throw new Error(`not a help text: ${first}`);
  const isSection = (block: string) => /^[A-Z][^\n]*:\n {2}/.test(block);
  const start = blocks.findIndex(isSection);
  return {
    usage: onOneLine(usage),
    description: blocks.slice(0, start).map(onOneLine).join('\n\n'),
    sections: blocks.slice(start).map(parseSection),
  };
}

function parseSection(block: string): HelpSection {
  const [first = '', ...rest] = block.split('\n');
  const heading = /^([A-Z][^\n]*):$/.exec(first)?.[1];
  if (heading === undefined) return { heading: '', items: [], lines: block.split('\n') };
  const lines = rest.map((line) => line.replace(/^ {2}/, ''));
  return { heading, items: isList(heading) ? parseItems(lines) : [], lines };
}

/** A term, two or more blanks, and its description, which continues in indented lines. */
function parseItems(lines: readonly string[]): readonly HelpItem[] {
  const items: HelpItem[] = [];
  for (const line of lines) {
    const [, term, description] = /^(\S.*?)(?: {2,}(\S.*))?$/.exec(line) ?? [];
    if (term !== undefined) {
      items.push({ term, description: description ?? '' });
      continue;
    }
    const last = items.pop();
    if (last) items.push({ ...last, description: `${last.description} ${line.trim()}`.trim() });
  }
  return items;
}

const onOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
