import { Command, CommanderError } from '@commander-js/extra-typings';
import { version } from '../../package.json';
import { bug, type Check } from '../check/run.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { probes } from '../probes/index.ts';
import type { ReplyForm } from '../replies/index.ts';
import type { ListenOptions } from '../serve/resident/index.ts';
import { helpBelowCommands, helpBelowProbe, namesOf } from './help.ts';
import { messageOfMisuse, settingsOfMisuse } from './misuse.ts';
import { declareSharedOptions, groups } from './shared-options.ts';
import { recordVariant } from './variant.ts';

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
export function readCommandLine(name: string, given: readonly string[]): CommandLine {
  const isPlugin = name.startsWith('check_');
  const args = isPlugin ? given : withoutHelpCommand(given);
  const probe = probes.find(isPlugin ? isCalled(name) : (known) => known.name === args[0]);
  const command = isPlugin || !probe ? name : `${name} ${probe.name}`;
  const result = probe
    ? readProbe(probe, command, isPlugin ? args : args.slice(1))
    : readWithoutProbe(command, args);
  return { command, isPlugin, invocation: withSettings(result, probe, args) };
}

const isCalled =
  (name: string) =>
  ({ plugin, pluginAlias }: ProbeDeclaration) =>
    plugin === name || pluginAlias === name;

/** `lbcheck help PROBE` is another form of `lbcheck PROBE --help`. */
function withoutHelpCommand(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  return first === 'help' ? [...rest.filter((word) => word !== 'help'), '--help'] : args;
}

function withSettings(
  result: ParseResult,
  probe: ProbeDeclaration | undefined,
  args: readonly string[],
): Invocation {
  if (result.kind !== 'misuse') return result;
  const message = messageOfMisuse(result.message, probe, args);
  return {
    ...result,
    message,
    settings: settingsOfMisuse(probe?.name ?? 'lbcheck', message, args),
  };
}

/** What commander made of a command line. */
type ParseResult =
  | Exclude<Invocation, { kind: 'misuse' }>
  | { readonly kind: 'misuse'; readonly message: string };

function readProbe(probe: ProbeDeclaration, name: string, args: readonly string[]): ParseResult {
  return parseWith(name, (command) => {
    command.description(probe.description).optionsGroup(groups.probe);
    const aim = probe.declare(command);
    const sharedOptions = declareSharedOptions(command);
    const variantOf = recordVariant(command, probe);
    command.addHelpText('after', () => helpBelowProbe(name, probe));
    parse(command, args);
    const { listen, form, requestTimeout, drainFile, hold, ...limits } = sharedOptions();
    const aimed = aim(limits);
    const check = { name: probe.name, ...aimed, ...limits, variant: variantOf(aimed) };
    return { kind: 'run', settings: { check, form, requestTimeout, drainFile, listen, hold } };
  });
}

/** Help and version of the executable itself, or what is wrong when no probe is named. */
function readWithoutProbe(name: string, args: readonly string[]): ParseResult {
  return parseWith(name, (command) => {
    command
      .description('Asks a service a real question, leaves no trace, and gives the answer.')
      .usage('PROBE [options]')
      .helpCommand('help [PROBE]', 'print the help of a probe')
      .commandsGroup('Probes:')
      .addHelpText('after', helpBelowCommands);
    for (const probe of probes) command.command(probe.name).description(probe.description);
    if (name.startsWith('check_')) {
      command.error(`no plugin has the name ${name}. Allowed is ${namesOf('plugin').join(', ')}.`);
    }
    const isMissing = `PROBE is missing. Allowed is ${namesOf('name').join(', ')}.`;
    if (args.length === 0) command.error(isMissing);
    // A command that is none is no reason to print the help, whatever follows it.
    parse(command, args[0]?.startsWith('-') ? args : args.slice(0, 1));
    return command.error(isMissing);
  });
}

/** The version and the help come last in the help text. */
function parse(command: Command, args: readonly string[]): void {
  command
    .optionsGroup(groups.other)
    .version(`lbcheck ${version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .parse(args, { from: 'user' });
}

/** Gives `read` a new command, and turns the ways in which commander leaves into a result. */
function parseWith(name: string, read: (command: Command) => ParseResult): ParseResult {
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
