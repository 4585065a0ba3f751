import { Command, CommanderError } from '@commander-js/extra-typings';
import { version } from '../../package.json';
import { bug, type Check } from '../check/run.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { probes } from '../probes/index.ts';
import type { ReplyForm } from '../replies/index.ts';
import type { ListenOptions } from '../serve/resident/index.ts';
import { settingsOfMisuse } from './misuse.ts';
import { declareSharedOptions } from './shared-options.ts';

/** What a command line asks for. Durations are in seconds. */
export interface Settings {
  readonly check: Check;
  /** Undefined when the kind of client decides. */
  readonly form: ReplyForm | undefined;
  /** Deadline for the head of an HTTP request. */
  readonly requestTimeout: number;
  /** While this file exists nothing is probed. */
  readonly drainFile: string | undefined;
  /** Undefined for one client on stdin and stdout. */
  readonly listen: ListenOptions | undefined;
  /** How old a report may be that is given again. */
  readonly hold: number;
}

/** The result of reading a command line. */
export type Invocation =
  | { readonly kind: 'run'; readonly settings: Settings }
  /** Help or version. */
  | { readonly kind: 'text'; readonly text: string }
  /**
   * It is wrong. The settings give the message as the answer: in the form, and where, the command
   * line asks for, as far as that can be read.
   */
  | { readonly kind: 'misuse'; readonly message: string; readonly settings: Settings };

/** A command line that was read. */
export interface CommandLine {
  /** What messages call the command: `lbcheck rbl`, `check_tls`. */
  readonly command: string;
  /** True under the name of a plugin. */
  readonly isPlugin: boolean;
  readonly invocation: Invocation;
}

/** Reads the name under which the executable was called, and its arguments. */
export function readCommandLine(name: string, args: readonly string[]): CommandLine {
  const isPlugin = name.startsWith('check_');
  const probe = probes.find((known) => (isPlugin ? known.plugin === name : known.name === args[0]));
  const command = isPlugin || !probe ? name : `${name} ${probe.name}`;
  const result = probe
    ? readProbe(probe, command, isPlugin ? args : args.slice(1))
    : readWithoutProbe(command, args);
  const invocation =
    result.kind === 'misuse'
      ? { ...result, settings: settingsOfMisuse(probe?.name ?? 'lbcheck', result.message, args) }
      : result;
  return { command, isPlugin, invocation };
}

/** What commander made of a command line. */
type ParseResult =
  | Exclude<Invocation, { kind: 'misuse' }>
  | { readonly kind: 'misuse'; readonly message: string };

function readProbe(probe: ProbeDeclaration, name: string, args: readonly string[]): ParseResult {
  return parseWith(name, (command) => {
    command.description(probe.description);
    const aim = probe.declare(command);
    const sharedOptions = declareSharedOptions(command);
    const examples = probe.examples.map((example) => `  ${name} ${example}`);
    command.addHelpText('after', ['', 'Examples:', ...examples].join('\n'));
    command.parse(args, { from: 'user' });
    const { listen, form, requestTimeout, drainFile, hold, ...limits } = sharedOptions();
    const check = { name: probe.name, ...aim(limits), ...limits };
    return { kind: 'run', settings: { check, form, requestTimeout, drainFile, listen, hold } };
  });
}

/** Help and version of the executable itself, or what is wrong when no probe is named. */
function readWithoutProbe(name: string, args: readonly string[]): ParseResult {
  return parseWith(name, (command) => {
    command
      .description('Asks a service a real question, leaves no trace, and gives the answer.')
      .usage('PROBE [options]')
      .helpCommand(false)
      .addHelpText('after', `\nSee lbcheck PROBE --help. As plugins: ${namesOf('plugin')}.`);
    for (const probe of probes) command.command(probe.name).description(probe.description);
    if (name.startsWith('check_')) {
      command.error(`no plugin has the name ${name}. Allowed is ${namesOf('plugin')}.`);
    }
    if (args.length === 0) command.error(`PROBE is missing. Allowed is ${namesOf('name')}.`);
    command.parse(args, { from: 'user' });
    return command.error(`PROBE is missing. Allowed is ${namesOf('name')}.`);
  });
}

const namesOf = (kind: 'name' | 'plugin') =>
  probes.flatMap((probe) => probe[kind] ?? []).join(', ');

/** Gives `read` a new command, and turns the ways in which commander leaves into a result. */
function parseWith(name: string, read: (command: Command) => ParseResult): ParseResult {
  let text = '';
  const command = new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: (part) => (text += part), writeErr: () => {} })
    .configureHelp({ helpWidth: 80 })
    .version(`${name} (lbcheck ${version})`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
  try {
    return read(command);
  } catch (error) {
    if (!(error instanceof CommanderError)) return { kind: 'misuse', message: bug(error).summary };
    if (error.exitCode === 0) return { kind: 'text', text };
    return { kind: 'misuse', message: error.message.replace(/^error: /, '') };
  }
}
