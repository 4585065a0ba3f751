import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/command-line/index.ts';
import { pagePaths, readPage } from '../support/pages.ts';

/** A command line of lbcheck or of one of its plugin names, with any text before it. */
const commandSyntax =
  /^(?:.*[\s/"'=])?(lbcheck|check_dnsbl|check_dns_answer|check_rbl|check_tls|check_tcp_half_open) (.+)$/;

/** What ends a command for a shell and for a reader. */
const ends = /^(?:[|;&<>#].*|\d>.*)$/;

interface Command {
  readonly name: string;
  readonly args: readonly string[];
}

/** The command of lbcheck in a line, without quotes, pipes and comments. */
function commandIn(line: string): Command | undefined {
  const [, name, rest = ''] = commandSyntax.exec(line) ?? [];
  if (name === undefined) return undefined;
  const parts = rest.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const end = parts.findIndex((part) => ends.test(part));
  const args = (end < 0 ? parts : parts.slice(0, end)).map((part) =>
    part.replace(/["']/g, '').replace(/;$/, ''),
  );
  return { name, args };
}

/** The lines of a page's blocks of code. */
function codeOf(page: string): readonly string[] {
  const text = readPage(page);
  const fenced = [...text.matchAll(/^```[^\n]*\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const indented = [...text.matchAll(/^ {4}(.*)$/gm)].map(([, line = '']) => line);
  return [...fenced, ...indented];
}

/** False for a line with placeholders or variables, and for one that only names the executable. */
const isWhole = ({ args: [first = '/', ...others] }: Command) =>
  !first.startsWith('/') &&
  ![first, ...others].some((arg) => /^[[{(]|[$%]|\.\.\.|^[A-Z]+$/.test(arg));

/** The command lines in these lines that lbcheck refuses, each with its message. */
function mistakes(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const command = commandIn(line);
    if (!command || !isWhole(command)) return [];
    const { invocation } = readCommandLine(command.name, command.args);
    return invocation.kind === 'misuse' ? [`${line}: ${invocation.message}`] : [];
  });
}

describe('the command lines', () => {
  test.each(pagePaths())('of %s are taken by lbcheck', (page) => {
    expect(mistakes(codeOf(page))).toEqual([]);
  });

  test.each(['xinetd.d', 'systemd'])('in %s are taken by lbcheck', (folder) => {
    const files = readdirSync(join(import.meta.dirname, '../..', folder));
    const lines = files.flatMap((file) => readPage(`${folder}/${file}`).split('\n'));
    const commands = lines
      .filter((line) => !line.startsWith('#') && !line.startsWith('\t#'))
      .map((line) => line.replace(/^\tserver_args\t+= (?!.*\/lbcheck)/, 'lbcheck '));
    expect(mistakes(commands)).toEqual([]);
  });

  test('are found, and a wrong one is reported', () => {
    const lines = pagePaths().flatMap(codeOf);
    const commands = lines.flatMap((line) => commandIn(line) ?? []).filter(isWhole);
    expect(commands.length).toBeGreaterThan(10);
    const [mistake = ''] = mistakes(['$ dist/lbcheck rbl 192.0.2.7 --zoom a.example | head']);
    expect(mistake).toMatch("unknown option '--zoom'");
  });
});
