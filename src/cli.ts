import { fstatSync } from 'node:fs';
import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { version } from '../package.json';
import { converse } from './conversation.ts';
import { stdio } from './hosts/stdio.ts';
import { parseSeconds } from './options.ts';
import { unknown } from './outcome.ts';
import type { ProbeDeclaration } from './probe.ts';
import { probes } from './probes/index.ts';
import { parseRange } from './range.ts';
import { type Form, forms, replies } from './replies/index.ts';
import { bug, type Check, run } from './run.ts';

/** What a command line comes to. */
type Invocation =
  | {
      readonly kind: 'check';
      readonly check: Check;
      readonly form: Form | undefined;
      readonly requestTimeout: number;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'misuse'; readonly message: string };

/** The options of every probe when the command line does not give them; durations in seconds. */
const defaults = { timeout: 1.5, requestTimeout: 10 };

/**
 * Runs the executable by the name it was called and the words behind it; returns the exit code. An
 * asker gets wrong usage as an answer in its own form, a person at a terminal as a usage error.
 */
export async function main(name: string, words: readonly string[]): Promise<number> {
  // The printer of Node's warnings: they would reach the asker, for xinetd makes its socket stderr.
  process.removeAllListeners('warning');
  const isPlugin = name.startsWith('check_');
  const probe = probes.find((known) =>
    isPlugin ? known.plugin === name : known.name === words[0],
  );
  const called = isPlugin || !probe ? name : `${name} ${probe.name}`;
  const invocation = probe
    ? readProbe(probe, called, isPlugin ? words : words.slice(1))
    : readWithoutProbe(called, words);

  if (invocation.kind === 'text') {
    process.stdout.on('error', () => {}).write(invocation.text);
    return isPlugin ? 3 : 0;
  }
  const asked = invocation.kind === 'check' ? invocation.form : formIn(words);
  const isAtTerminal = await onTerminal();
  const form = asked ?? (isPlugin || isAtTerminal ? 'plugin' : 'http');
  const reply = replies[form];
  if (invocation.kind === 'misuse' && form === 'plugin' && isAtTerminal) {
    process.stderr.write(`${called}: ${invocation.message}\nSee ${called} --help.\n`);
    return reply.exitCodes.unknown;
  }
  const { check, requestTimeout } =
    invocation.kind === 'check'
      ? invocation
      : misused(probe?.name ?? 'lbcheck', invocation.message);
  const status = await stdio((peer) => converse(peer, reply, requestTimeout, () => run(check)));
  return reply.exitCodes[status];
}

function readProbe(probe: ProbeDeclaration, called: string, words: readonly string[]): Invocation {
  return parsed(called, (command) => {
    command.description(probe.description);
    const aim = probe.declare(command);
    const shared = command
      .option('-t, --timeout <SECONDS>', 'deadline of the probe', parseSeconds, defaults.timeout)
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
        parseSeconds,
        defaults.requestTimeout,
      );
    const examples = probe.examples.map((words) => `  ${called} ${words}`);
    command.addHelpText('after', ['', 'Examples:', ...examples].join('\n'));
    command.parse(words, { from: 'user' });
    const { reply: form, requestTimeout, ...options } = shared.opts();
    const check = { name: probe.name, ...aim(options), ...options };
    return { kind: 'check', check, form, requestTimeout };
  });
}

/** Help and version of the executable itself, or what is wrong without a probe's name. */
function readWithoutProbe(called: string, words: readonly string[]): Invocation {
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

const names = (kind: 'name' | 'plugin') => probes.map((probe) => probe[kind]).join(', ');

/** Lends a fresh command to `read`, and turns commander's ways of leaving into an invocation. */
function parsed(called: string, read: (command: Command) => Invocation): Invocation {
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

/** True when stdin is a terminal. */
async function onTerminal(): Promise<boolean> {
  return fstatSync(0).isCharacterDevice() && (await import('node:tty')).isatty(0);
}

/** The form that the words ask for, though something else in them is wrong. */
function formIn(words: readonly string[]): Form | undefined {
  let asked: string | undefined;
  words.forEach((word, index) => {
    if (words[index - 1] === '--reply') asked = word;
    if (word.startsWith('--reply=')) asked = word.slice('--reply='.length);
  });
  return forms.find((form) => form === asked);
}

/** The check for a wrong command line: it could not be made, and says why. */
function misused(name: string, message: string) {
  const check: Check = {
    name,
    target: '',
    timeout: defaults.timeout,
    probe: async () => unknown(message),
  };
  return { check, requestTimeout: defaults.requestTimeout };
}
