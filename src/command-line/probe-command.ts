import type { Check } from '../check/run.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { groups } from './groups.ts';
import { helpBelowProbe } from './help.ts';
import type { Settings } from './index.ts';
import { type ParseFailure, parse, parseWith } from './parse.ts';
import { declareSharedOptions, type Place } from './shared-options.ts';
import { lazily, variantOf } from './variant.ts';

/** The settings of a command line whose command is a probe; `name` is what messages call it. */
export function readProbe(
  probe: ProbeDeclaration,
  name: string,
  args: readonly string[],
  place: Place = 'command-line',
): { readonly kind: 'run'; readonly settings: Settings } | ParseFailure {
  return parseWith(name, (command) => {
    command.description(probe.description).optionsGroup(groups.probe);
    const aim = probe.declare(command);
    const sharedOptions = declareSharedOptions(command, place);
    command.addHelpText('after', () => helpBelowProbe(name, probe));
    parse(command, args);
    const { limits, settings } = sharedOptions();
    const aimed = aim(limits);
    const makeVariant = () => variantOf(command, args, probe, aimed);
    // The checks of a file do not keep their commands in memory.
    const variant = place === 'file' ? makeVariant() : lazily(makeVariant);
    const check: Check = { name: probe.name, ...aimed, ...limits, variant };
    return { kind: 'run', settings: { ...settings, check } };
  });
}
