import type { Check } from '../check/run.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { probes } from '../probes/index.ts';
import { readCalled } from './called.ts';
import { helpBelowCommands, namesOf } from './help.ts';
import { messageOfMisuse, settingsOfMisuse } from './misuse.ts';
import { parse } from './parse.ts';
import { readProbe } from './probe-command.ts';
import { readServe, type ServeSettings, serveDescription } from './serve-command.ts';
import type { ServingSettings } from './serving-options.ts';
import { type ParseFailure, parseWith } from './with-commander.ts';

/** What a command line asks for. Durations are in seconds. */
export interface Settings extends ServingSettings {
  readonly check: Check;
  /** While this file exists nothing is probed. */
  readonly drainFile: string | undefined;
  /** For how long a report is given again. */
  readonly hold: number;
}

/** The result of reading a command line. */
export type Invocation =
  | { readonly kind: 'run'; readonly settings: Settings }
  | { readonly kind: 'serve'; readonly settings: ServeSettings }
  /** Help or version. */
  | { readonly kind: 'text'; readonly text: string }
  /**
   * It is wrong. The settings answer with the message, in the form and at the place that the command line
   * asks for, as far as these can be read.
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
  const all = name.startsWith('check_') ? given : withoutHelpCommand(given);
  const { command, isPlugin, probe, isServe, args } = readCalled(name, all);
  const result = readCommand();
  return { command, isPlugin, invocation: withSettings(result, probe, all) };

  function readCommand(): ParseResult {
    if (probe) return readProbe(probe, command, args);
    return isServe ? readServe(command, args) : readWithoutProbe(command, args);
  }
}

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

type ParseResult = Exclude<Invocation, { kind: 'misuse' }> | ParseFailure;

/** Help and version of the executable itself, or the mistake if no probe is named. */
function readWithoutProbe(name: string, args: readonly string[]): ParseResult {
  return parseWith(name, (command) => {
    command
      .description('Asks a service a real question, leaves no trace, and gives the answer.')
      .usage('PROBE [options]')
      .helpCommand('help [PROBE]', 'print the help of a probe')
      .commandsGroup('Probes:')
      .addHelpText('after', helpBelowCommands);
    for (const probe of probes) command.command(probe.name).description(probe.description);
    command.commandsGroup('Many checks:').command('serve').description(serveDescription);
    if (name.startsWith('check_')) {
      command.error(`no plugin has the name ${name}. Allowed is ${namesOf('plugin').join(', ')}.`);
    }
    const isMissing = `PROBE is missing. Allowed is ${namesOf('name').join(', ')}.`;
    if (args.length === 0) command.error(isMissing);
    // An unknown command must not print the help, even if --help follows it.
    if (!args[0]?.startsWith('-')) {
      const allowed = [...namesOf('name'), 'serve', 'help'].join(', ');
      command.error(`unknown command '${args[0]}'. Allowed is ${allowed}.`);
    }
    parse(command, args);
    return command.error(isMissing);
  });
}
