import { Command } from '@commander-js/extra-typings';
import type { AimedProbe, ProbeDeclaration } from '../../src/probe.ts';

/** Makes a probe through its declaration, as the command line does; wrong usage throws. */
export function aim(
  declaration: ProbeDeclaration,
  words: readonly string[],
  timeout: number,
): AimedProbe {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const aimed = declaration.declare(command);
  command.parse([...words], { from: 'user' });
  return aimed({ timeout });
}
