import { existsSync, readFileSync } from 'node:fs';
import { commandsOf, type Help, type HelpItem, type HelpSection, readHelp } from './help.ts';
import { pageToRoff } from './markdown.ts';
import { entry, example, fill, heading, roffText } from './roff.ts';

/** A page of the manual. */
export interface ManualPage {
  /** Such as `lbcheck-rbl.1`. */
  readonly file: string;
  readonly text: string;
}

/** What every page tells about its release. */
export interface Release {
  readonly version: string;
  /** The day of the release, YYYY-MM-DD. */
  readonly date: string;
}

/** Pages of docs/ that lbcheck(1) holds after its other sections. */
const pagesOfAll = ['drain', 'resident', 'troubleshooting'];

/** lbcheck(1) and a page for each command, from the help of the executable and the pages in docs/. */
export function manual(executable: string, docs: string, release: Release): readonly ManualPage[] {
  const main = readHelp(executable);
  const commands = commandsOf(main);
  const pages = commands.map(({ term }) => ({ name: `lbcheck-${term}`, command: term }));
  const read = (page: string) => {
    const file = `${docs}/${page}.md`;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const all = ['lbcheck', ...pages.map(({ name }) => name)];
  const others = (name: string) => all.filter((other) => other !== name);
  const mainText = [
    ...opening('lbcheck', oneLine(main), main, release),
    heading('SH', 'Description'),
    fill(roffText(main.description)),
    ...main.sections.map(sectionToRoff),
    ...pagesOfAll.map((page) => titled(read(page))),
    ...closing(others('lbcheck')),
  ];
  return [
    { file: 'lbcheck.1', text: assemble(mainText) },
    ...pages.map(({ name, command }) => {
      const help = readHelp(executable, command);
      const page = pageToRoff(read(command), ['Options']);
      const text = [
        ...opening(name, oneLine(help), help, release),
        heading('SH', 'Description'),
        page.intro === '' ? fill(roffText(help.description)) : page.intro,
        ...help.sections.map(sectionToRoff),
        page.sections,
        ...closing(others(name)),
      ];
      return { file: `${name}.1`, text: assemble(text) };
    }),
    fileFormat(read('serve'), release),
  ];
}

/** lbcheck-serve(5): the file of checks, from the section of docs/serve.md on it. */
function fileFormat(markdown: string, release: Release): ManualPage {
  const { sections } = pageToRoff(markdown, [], ['The file']);
  const text = [
    titleLine('lbcheck-serve', 5, release),
    heading('SH', 'Name'),
    'lbcheck\\-serve \\- file of checks for lbcheck serve',
    sections.replace(/^\.SH .*/, heading('SH', 'Description')),
    heading('SH', 'Files'),
    '.I /etc/lbcheck/checks',
    heading('SH', 'See also'),
    '.BR lbcheck\\-serve (1)',
  ];
  return { file: 'lbcheck-serve.5', text: assemble(text) };
}

/** A heading begins a paragraph itself. */
const assemble = (parts: readonly string[]) =>
  `${parts.filter(Boolean).join('\n')}\n`.replace(/^(\.S[HS] .*\n)\.PP\n/gm, '$1');

const oneLine = ({ description }: Help) =>
  (description.split('\n\n')[0] ?? '').replace(/\.$/, '').replace(/^Asks /, 'asks ');

function titleLine(name: string, section: number, { version, date }: Release): string {
  const title = `${roffText(name.toUpperCase())} ${section}`;
  return `.\\" Made from the help of lbcheck and from docs/.\n.TH ${title} ${date} "lbcheck ${version}" "lbcheck manual"`;
}

function opening(name: string, what: string, help: Help, release: Release): readonly string[] {
  const [command = '', rest = ''] = splitUsage(help.usage);
  return [
    titleLine(name, 1, release),
    heading('SH', 'Name'),
    fill(`${roffText(name)} \\- ${roffText(what)}`),
    heading('SH', 'Synopsis'),
    `.B ${roffText(command)}`,
    fill(roffText(rest)),
  ];
}

/** The command and its arguments. */
function splitUsage(usage: string): readonly string[] {
  const [, command = usage, rest = ''] = /^(lbcheck(?: [a-z]+)?) (.*)$/.exec(usage) ?? [];
  return [command, rest];
}

function sectionToRoff({ heading: title, items, lines }: HelpSection): string {
  // The last line of the help is where the manual is.
  if (lines[0]?.startsWith('Manual:')) return '';
  if (title === '') return `.PP\n${fill(roffText(lines.join(' ')))}`;
  if (items.length > 0) return [heading('SH', title), ...items.map(itemToRoff)].join('\n');
  const isSentence = title.split(' ').length > 3;
  const head = isSentence
    ? `.PP\n${fill(roffText(`${title}:`))}`
    : heading('SH', title.replace(/^Exit codes$/, 'Exit status'));
  return [head, example(lines)].join('\n');
}

function itemToRoff({ term, description }: HelpItem): string {
  const words = term.replace(/<([^>]+)>/g, '\0$1\0').split('\0');
  const styled = words.map((word, index) =>
    index % 2 === 0 ? word && `\\fB${roffText(word)}\\fR` : `\\fI${roffText(word)}\\fR`,
  );
  return entry(styled.join(''), roffText(description));
}

/** A page of docs/ below its title, with its sections as subsections. */
function titled(markdown: string): string {
  if (markdown === '') return '';
  const [, title = ''] = /^# (.*)$/m.exec(markdown) ?? [];
  const { intro, sections } = pageToRoff(markdown);
  const head = heading('SH', title.replaceAll('`', '').replace(/:.*/, ''));
  return [head, intro, sections.replace(/^\.SH /gm, '.SS ')].filter(Boolean).join('\n');
}

const closing = (others: readonly string[]) => [
  heading('SH', 'See also'),
  ...others.map(
    (name, index) => `.BR ${roffText(name)} (1)${index < others.length - 1 ? ',' : ''}`,
  ),
  '.PP',
  'https://github.com/lbcheck/lbcheck',
];
