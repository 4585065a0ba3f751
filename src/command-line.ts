import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { version } from '../package.json';
import type { Residence } from './hosts/resident/index.ts';
import { parseWhere } from './hosts/resident/where.ts';
import { parsePath, secondsWithin } from './options.ts';
import { unknown } from './outcome.ts';
import type { ProbeDeclaration } from './probe.ts';
import { probes } from './probes/index.ts';
import { parseRange } from './range.ts';
import { type Form, forms } from './replies/index.ts';
import { bug, type Check } from './run.ts';

/** What a command line asks for. */
export interface Wish {
  readonly check: Check;
  /** Undefined where the asker's kind decides. */
  readonly form: Form | undefined;
  /** Deadline for the head of an HTTP request, in seconds. */
  readonly requestTimeout: number;
  /** While this file exists nothing is probed. */
  readonly drainFile: string | undefined;
  /** Undefined for one asker on stdin and stdout. */
  readonly residence: Residence | undefined;
  /** How old a report may be when it is given once more, in seconds. */
  readonly hold: number;
}

/** What a command line comes to. */
export type Invocation =
  | { readonly kind: 'wish'; readonly wish: Wish }
  /** Help or version. */
  | { readonly kind: 'text'; readonly text: string }
  /** It is wrong: the wish is to say so, as far as possible where and how it was to be answered. */
  | { readonly kind: 'misuse'; readonly message: string; readonly wish: Wish };

/** The options of every probe when the command line does not give them; durations in seconds. */
const defaults = { timeout: 1.5, requestTimeout: 10, idleExit: 60, hold: 0 };

const parseDeadline = secondsWithin(0.05, 300);
const parseIdleExit = secondsWithin(0.05, 86_400);
const parseHold = secondsWithin(0, 300);

/** A name for messages, and what the words behind it come to. */
export interface CommandLine {
  readonly called: string;
  readonly isPlugin: boolean;
  readonly invocation: Invocation;
}

/** Reads the name that the executable was called by, and the words behind it. */
export function readCommandLine(name: string, words: readonly string[]): CommandLine {
  const isPlugin = name.startsWith('check_');
  const probe = probes.find((known) =>
    isPlugin ? known.plugin === name : known.name === words[0],
  );
  const called = isPlugin || !probe ? name : `${name} ${probe.name}`;
  const reading = probe
    ? readProbe(probe, called, isPlugin ? words : words.slice(1))
    : readWithoutProbe(called, words);
  const invocation =
    reading.kind === 'misuse'
      ? { ...reading, wish: misused(probe?.name ?? 'lbcheck', reading.message, words) }
      : reading;
  return { called, isPlugin, invocation };
}

/** A command line that commander has read. */
type Reading =
  | Exclude<Invocation, { kind: 'misuse' }>
  | { readonly kind: 'misuse'; readonly message: string };

function readProbe(probe: ProbeDeclaration, called: string, words: readonly string[]): Reading {
  return parsed(called, (command) => {
    command.description(probe.description);
    const aim = probe.declare(command);
    const options = declareShared(command);
    const examples = probe.examples.map((example) => `  ${called} ${example}`);
    command.addHelpText('after', ['', 'Examples:', ...examples].join('\n'));
    command.parse(words, { from: 'user' });
    const { listen, idleExit, hold, drainFile, reply: form, requestTimeout, ...shared } = options();
    const given = (option: string) => command.getOptionValueSource(option) === 'cli';
    if (!listen && given('hold')) command.error('error: --hold needs --listen');
    if ((!listen || listen.kind === 'own') && given('idleExit')) {
      command.error('error: --idle-exit needs --listen inetd or --listen systemd');
    }
    const check = { name: probe.name, ...aim(shared), ...shared };
    const residence = listen && { where: listen, idleExit };
    return { kind: 'wish', wish: { check, form, requestTimeout, drainFile, residence, hold } };
  });
}

/** Declares the options of every probe; the returned function reads them after the parse. */
function declareShared(command: Command) {
  const declared = command
    .option('-t, --timeout <SECONDS>', 'deadline of the probe', parseDeadline, defaults.timeout)
    .option('-w, --warning <RANGE>', 'warning by the response time in seconds', parseRange)
    .option('-c, --critical <RANGE>', 'critical by the response time in seconds', parseRange)
    .addOption(
      new Option(
        '--reply <FORM>',
        `form of the answer (default: plugin under a check_* name and on a terminal, else http)`,
      ).choices(forms),
    )
    .option(
      '--request-timeout <SECONDS>',
      'deadline for the head of an HTTP request',
      parseDeadline,
      defaults.requestTimeout,
    )
    .option(
      '--drain-file <PATH>',
      'while this file exists nothing is probed: 503, CRITICAL, drain',
      parsePath,
    )
    .option(
      '--listen <WHERE>',
      'stay, and answer all who connect: inetd, systemd, or [HOST]:PORT',
      parseWhere,
    )
    .option(
      '--idle-exit <SECONDS>',
      'with --listen inetd or systemd: leave when nobody asked for so long',
      parseIdleExit,
      defaults.idleExit,
    )
    .option(
      '--hold <SECONDS>',
      'with --listen: how old an answer may be that is given again',
      parseHold,
      defaults.hold,
    );
  return () => declared.opts();
}

/** Help and version of the executable itself, or what is wrong without a probe's name. */
function readWithoutProbe(called: string, words: readonly string[]): Reading {
  return parsed(called, (command) => {
    command
      .description('Asks a service a real question, leaves no trace, and says the answer.')
      .usage('PROBE [options]')
      .helpCommand(false)
      .addHelpText('after', `\nSee lbcheck PROBE --help. As plugins: ${names('plugin')}.`);
    for (const probe of probes) command.command(probe.name).description(probe.description);
    if (called.startsWith('check_')) {
      command.error(`no plugin has the name ${called}. Allowed is ${names('plugin')}.`);
    }
    if (words.length === 0) command.error(`PROBE is missing. Allowed is ${names('name')}.`);
    command.parse(words, { from: 'user' });
    return command.error(`PROBE is missing. Allowed is ${names('name')}.`);
  });
}

const names = (kind: 'name' | 'plugin') => probes.flatMap((probe) => probe[kind] ?? []).join(', ');

/** Lends a fresh command to `read`, and turns commander's ways of leaving into a reading. */
function parsed(called: string, read: (command: Command) => Reading): Reading {
  let text = '';
  const command = new Command(called)
    .exitOverride()
    .configureOutput({ writeOut: (part) => (text += part), writeErr: () => {} })
    .configureHelp({ helpWidth: 80 })
    .version(`${called} (lbcheck ${version})`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
  try {
    return read(command);
  } catch (error) {
    if (!(error instanceof CommanderError)) return { kind: 'misuse', message: bug(error).summary };
    if (error.exitCode === 0) return { kind: 'text', text };
    return { kind: 'misuse', message: error.message.replace(/^error: /, '') };
  }
}

/** The wish of a wrong command line: its check could not be made, and says why. */
function misused(name: string, message: string, words: readonly string[]): Wish {
  const { timeout, idleExit, ...rest } = defaults;
  const form = forms.find((known) => known === givenFor('--reply', words));
  const listen = givenFor('--listen', words);
  return {
    ...rest,
    check: { name, target: '', timeout, probe: async () => unknown(message) },
    form,
    drainFile: undefined,
    residence: listen === undefined ? undefined : { where: whereOrInetd(listen), idleExit },
  };
}

/** The last value that the words give an option, though something else in them is wrong. */
function givenFor(option: string, words: readonly string[]): string | undefined {
  const end = words.indexOf('--');
  const ours = end < 0 ? words : words.slice(0, end);
  let value: string | undefined;
  ours.forEach((word, index) => {
    if (ours[index - 1] === option) value = word;
    if (word.startsWith(`${option}=`)) value = word.slice(option.length + 1);
  });
  return value;
}

/** Where a wrong value stands, the socket on stdin may be a listening one all the same. */
function whereOrInetd(text: string): Residence['where'] {
  try {
    return parseWhere(text);
  } catch {
    return { kind: 'inetd' };
  }
}
