import { Command } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { declareSharedOptions } from '../../src/command-line/shared-options.ts';
import { probes } from '../../src/probes/index.ts';
import { readPage } from '../support/pages.ts';

/** The long options that a declaration adds to a command, such as `--zone`. */
function declaredBy(declare: (command: Command) => unknown): readonly string[] {
  const command = new Command();
  declare(command);
  return command.options.flatMap(({ long }) => long ?? []).sort();
}

/** The long options in the first column of a page's tables. */
function shownOn(page: string): readonly string[] {
  const cells = [...readPage(page).matchAll(/^\| (`-.*?`) \| /gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => cell.match(/--[a-z0-9-]+/g) ?? []).sort();
}

const everyPage = 'docs/options.md';

describe('the options', () => {
  test(`that every probe has are the rows of ${everyPage}`, () => {
    const target = ['--hostname', '--port', '--ipv4', '--ipv6'];
    const general = ['--help', '--version'];
    const declared = [
      ...declaredBy((command) => declareSharedOptions(command, 'command-line')),
      ...target,
      ...general,
    ];
    expect(shownOn(everyPage)).toEqual(declared.sort());
  });

  test.each(probes)('of $name are the rows of its page', ({ name, declare }) => {
    const shared = shownOn(everyPage);
    const own = declaredBy(declare).filter((option) => !shared.includes(option));
    expect(shownOn(`docs/${name}.md`)).toEqual(own);
  });
});
