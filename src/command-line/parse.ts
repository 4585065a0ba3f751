import type { Command } from '@commander-js/extra-typings';
import { version } from '../../package.json';
import { groups } from './groups.ts';

/** Parses with the options for version and help, which come last in the help text. */
export function parse(command: Command, args: readonly string[]): void {
  command
    .optionsGroup(groups.other)
    .version(`lbcheck ${version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .parse(args, { from: 'user' });
}
