import type { ProbeDeclaration } from '../probes/declaration.ts';
import { helpBelowProbe } from './help.ts';
import type { Settings } from './index.ts';
import { plainSettings } from './plain.ts';
import { settingsOfProbe } from './probe-settings.ts';
import type { ArgumentSource } from './shared-options.ts';
import { type ParseFailure, parseWith } from './with-commander.ts';

/** The settings of a command line whose command is a probe; `name` is what messages call it. */
export function readProbe(
  probe: ProbeDeclaration,
  name: string,
  args: readonly string[],
  source: ArgumentSource = 'command-line',
): { readonly kind: 'run'; readonly settings: Settings } | ParseFailure {
  // First without commander: a file of checks may have many lines.
  const settings = plainSettings(probe, args, source);
  if (settings !== undefined) return { kind: 'run', settings };
  return parseWith(name, (command) => {
    command.addHelpText('after', () => helpBelowProbe(name, probe));
    return { kind: 'run', settings: settingsOfProbe(command, probe, args, source) };
  });
}
