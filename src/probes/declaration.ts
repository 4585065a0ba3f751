import type { Command } from '@commander-js/extra-typings';
import type { AimedProbe } from '../check/probe.ts';
import type { TimeoutStatus } from '../options/deadline.ts';

/** Options of every probe that a probe may need itself. */
export interface SharedOptions {
  /** The deadline, in seconds. */
  readonly timeout: number;
  /** The status that `--timeout 10:unknown` gives a program that has not ended by then. */
  readonly timeoutStatus?: TimeoutStatus | undefined;
}

/** How a probe enters the command line. */
export interface ProbeDeclaration {
  /** The command, `lbcheck NAME`; in capitals, the label of its reports. */
  readonly name: string;
  /** The plugin name, a symbolic link to the executable; undefined for what runs plugins itself. */
  readonly plugin?: string;
  /** An older plugin name that works too. */
  readonly pluginAlias?: string;
  /** The option, or the environment variable in its place, that gives the names which a label hides. */
  readonly namesFrom?: { readonly option: string; readonly variable?: string };
  /** What is asked, in one line of help. */
  readonly description: string;
  /** Options and operands for one example of use, without the name of the command. */
  readonly examples: readonly string[];
  /**
   * Adds the arguments and options of the probe to its command. After the command line is parsed,
   * the returned function makes the probe, or calls `command.error` where values contradict.
   */
  declare(command: Command): (shared: SharedOptions) => AimedProbe;
}
