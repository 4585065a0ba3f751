import type { Command } from '@commander-js/extra-typings';
import type { Outcome } from './outcome.ts';

/**
 * Asks one question of one target. Resolves soon after `signal` aborts (the deadline) at the
 * latest, and never rejects for what the target does.
 */
export type Probe = (signal: AbortSignal) => Promise<Outcome>;

/** A probe with its options inside, ready to run. */
export interface AimedProbe {
  /** What will be asked, as the asker named it, such as `127.0.0.1:53`. */
  readonly target: string;
  readonly probe: Probe;
}

/** Options that every probe has and some build upon. */
export interface SharedOptions {
  /** The deadline, in seconds. */
  readonly timeout: number;
}

/** How a probe enters the command line. */
export interface ProbeDeclaration {
  /** The command, `lbcheck NAME`; in capitals, the label of its reports. */
  readonly name: string;
  /** The plugin name, a symbolic link to the executable; undefined for what runs plugins itself. */
  readonly plugin?: string;
  /** What is asked, in one line of help. */
  readonly description: string;
  /** Options and operands for one example of use, without the command's name. */
  readonly examples: readonly string[];
  /**
   * Adds the probe's arguments and options to its command. Once the command line is parsed, the
   * returned function makes the probe, or ends in `command.error` where values contradict.
   */
  declare(command: Command): (shared: SharedOptions) => AimedProbe;
}
