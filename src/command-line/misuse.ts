import { unknown } from '../check/outcome.ts';
import { type ListenAddress, parseListenAddress } from '../options/listen-address.ts';
import { replyForms } from '../replies/index.ts';
import type { Settings } from './index.ts';
import { defaults } from './shared-options.ts';

/** The settings of a wrong command line: a check that could not be made, and says why. */
export function settingsOfMisuse(name: string, message: string, args: readonly string[]): Settings {
  const { timeout, idleExit, ...rest } = defaults;
  const form = replyForms.find((known) => known === givenValue('--reply', args));
  const listen = givenValue('--listen', args);
  return {
    ...rest,
    check: { name, target: '', timeout, probe: async () => unknown(message) },
    form,
    drainFile: undefined,
    listen: listen === undefined ? undefined : { address: addressOrInetd(listen), idleExit },
  };
}

/** The last value that the arguments give an option, though something else in them is wrong. */
function givenValue(option: string, args: readonly string[]): string | undefined {
  const end = args.indexOf('--');
  const ours = end < 0 ? args : args.slice(0, end);
  let value: string | undefined;
  ours.forEach((argument, index) => {
    if (ours[index - 1] === option) value = argument;
    if (argument.startsWith(`${option}=`)) value = argument.slice(option.length + 1);
  });
  return value;
}

/** When the value is wrong, the socket on stdin may be a listening one all the same. */
function addressOrInetd(text: string): ListenAddress {
  try {
    return parseListenAddress(text);
  } catch {
    return { kind: 'inetd' };
  }
}
