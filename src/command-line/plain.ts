import type { ProbeDeclaration } from '../probes/declaration.ts';
import { readCalled } from './called.ts';
import type { CommandLine, Settings } from './index.ts';
import { plainCommand } from './plain-command.ts';
import { settingsOfProbe } from './probe-settings.ts';
import type { ArgumentSource } from './shared-options.ts';

/**
 * Reads a right command line of a probe without commander, for those who start one process per check.
 * Undefined for everything else: help, mistakes, and what only commander can read.
 */
export function readPlainCommandLine(
  name: string,
  given: readonly string[],
): CommandLine | undefined {
  const { command, isPlugin, probe, args } = readCalled(name, given);
  const settings = probe && plainSettings(probe, args, 'command-line');
  return settings && { command, isPlugin, invocation: { kind: 'run', settings } };
}

/** The settings of a probe, as commander would read them; undefined when only commander can. */
export function plainSettings(
  probe: ProbeDeclaration,
  args: readonly string[],
  source: ArgumentSource,
): Settings | undefined {
  try {
    return settingsOfProbe(plainCommand(), probe, args, source);
  } catch {
    return undefined;
  }
}
