import { concealer } from '../check/conceal.ts';
import { unknown } from '../check/outcome.ts';
import { type ListenAddress, parseListenAddress } from '../options/listen-address.ts';
import { parseLabel } from '../options/values.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { replyForms } from '../replies/index.ts';
import type { Settings } from './index.ts';
import { defaults } from './shared-options.ts';

/**
 * The settings for a wrong command line: a check that could not be made, with the reason as its summary.
 */
export function settingsOfMisuse(name: string, message: string, args: readonly string[]): Settings {
  const { timeout, idleExit, ...rest } = defaults;
  const form = replyForms.find((known) => known === givenValue('--reply', args));
  const listen = givenValue('--listen', args);
  return {
    ...rest,
    check: {
      ...{ name, target: '', timeout, label: labelIn(args) },
      // Two different wrong command lines are two checks. The wrong arguments may hold a password.
      variant: { text: '', secret: args.join('\0') },
      probe: async () => unknown(message),
    },
    form,
    drainFile: undefined,
    logOutput: undefined,
    listen: listen === undefined ? undefined : { address: addressOrInetd(listen), idleExit },
  };
}

/** The message, without the names that a label hides. */
export function messageOfMisuse(
  message: string,
  probe: ProbeDeclaration | undefined,
  args: readonly string[],
): string {
  const label = labelIn(args);
  if (label === undefined || probe?.namesFrom === undefined) return message;
  const { option, variable } = probe.namesFrom;
  const inEnvironment = ((variable && process.env[variable]) ?? '').split(/[\s,]+/);
  const names = [...givenValues(option, args), ...inEnvironment].filter((name) => name !== '');
  return concealer(label, names)(message);
}

function labelIn(args: readonly string[]): string | undefined {
  const label = givenValue('--label', args);
  return label === undefined ? undefined : valueOr(undefined, () => parseLabel(label));
}

/** The last value of an option in arguments that have a mistake elsewhere. */
function givenValue(option: string, args: readonly string[]): string | undefined {
  return givenValues(option, args).at(-1);
}

function givenValues(option: string, args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const ours = end < 0 ? args : args.slice(0, end);
  return ours.flatMap((argument, index) => {
    if (argument.startsWith(`${option}=`)) return argument.slice(option.length + 1);
    return ours[index - 1] === option ? argument : [];
  });
}

/** Even if the value is wrong, stdin may be a listening socket. */
function addressOrInetd(text: string): ListenAddress {
  return valueOr({ kind: 'inetd' }, () => parseListenAddress(text));
}

function valueOr<T>(other: T, parse: () => T): T {
  try {
    return parse();
  } catch {
    return other;
  }
}
