import { Command, CommanderError } from '@commander-js/extra-typings';
import { bug } from '../check/run.ts';

/** The result for a command line without settings: help or version, or a mistake. */
export type ParseFailure =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'misuse'; readonly message: string };

/** Gives `read` a new command. What commander throws becomes a result. */
export function parseWith<T>(name: string, read: (command: Command) => T): T | ParseFailure {
  let text = '';
  const command = new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: (part) => (text += part), writeErr: () => {} })
    .configureHelp({ helpWidth: 80 });
  try {
    return read(command);
  } catch (error) {
    if (!(error instanceof CommanderError)) return { kind: 'misuse', message: bug(error).summary };
    if (error.exitCode === 0) return { kind: 'text', text };
    return { kind: 'misuse', message: error.message.replace(/^error: /, '') };
  }
}
