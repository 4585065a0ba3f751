import type { Command } from '@commander-js/extra-typings';
import type { Check } from '../check/run.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { groups } from './groups.ts';
import type { Settings } from './index.ts';
import { parse } from './parse.ts';
import { type ArgumentSource, declareSharedOptions } from './shared-options.ts';
import { lazily, variantOf } from './variant.ts';

/** Declares the options of a probe, and reads the arguments with them. */
export function settingsOfProbe(
  command: Command,
  probe: ProbeDeclaration,
  args: readonly string[],
  source: ArgumentSource,
): Settings {
  command.description(probe.description).optionsGroup(groups.probe);
  const aim = probe.declare(command);
  const sharedOptions = declareSharedOptions(command, source);
  parse(command, args);
  const { limits, settings } = sharedOptions();
  const aimed = aim(limits);
  const makeVariant = () => variantOf(command, args, probe, aimed);
  // The checks of a file do not keep their commands in memory.
  const variant = source === 'file' ? makeVariant() : lazily(makeVariant);
  const check: Check = { name: probe.name, ...aimed, ...limits, variant };
  return { ...settings, check };
}
