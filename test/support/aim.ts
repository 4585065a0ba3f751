import { Command } from '@commander-js/extra-typings';
import type { AimedProbe } from '../../src/check/probe.ts';
import type { ProbeDeclaration } from '../../src/probes/declaration.ts';

/** Makes a probe through its declaration, as the command line does; wrong usage throws. */
export function aim(
  declaration: ProbeDeclaration,
  args: readonly string[],
  timeout: number,
): AimedProbe {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const aimed = declaration.declare(command);
  command.parse([...args], { from: 'user' });
  return aimed({ timeout });
}
