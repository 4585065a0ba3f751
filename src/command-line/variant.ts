import type { Command } from '@commander-js/extra-typings';
import type { Variant } from '../check/outcome.ts';
import type { AimedProbe } from '../check/probe.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { groups } from './groups.ts';

/** These say where the target is, not what is asked there. */
const targetOptions = new Set(['hostname', 'port']);

/**
 * Listens to what the command line gives. After it is parsed, the returned function says what tells the
 * check apart: names that are asked for, then the options in the order of the help text.
 */
export function recordVariant(command: Command, { namesFrom }: ProbeDeclaration) {
  const given = new Map<string, string[]>();
  for (const { long, helpGroupHeading } of command.options) {
    const name = long?.slice(2) ?? '';
    const tellsApart = helpGroupHeading === groups.probe || name === 'drain-file';
    if (!tellsApart || targetOptions.has(name) || long === namesFrom?.option) continue;
    given.set(name, []);
    command.on(`option:${name}`, (value?: string) => given.get(name)?.push(value ?? ''));
  }
  return ({ names = [], secret }: AimedProbe): Variant => {
    const options = [...given].flatMap(([name, values]) =>
      values.map((value) => `--${name} ${value}`.trim()),
    );
    return { text: [...names, ...options].join(' '), secret };
  };
}
