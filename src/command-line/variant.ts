import type { Command } from '@commander-js/extra-typings';
import type { Variant } from '../check/outcome.ts';
import type { AimedProbe } from '../check/probe.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { groups } from './groups.ts';

/** These say where the target is, not what is asked there. */
const targetOptions = new Set(['hostname', 'port']);

/** What tells a check apart: the names that are asked for, then its options in the order of the help text. */
export function variantOf(
  command: Command,
  args: readonly string[],
  { namesFrom }: ProbeDeclaration,
  { names = [], secret }: AimedProbe,
): Variant {
  const given = new Map<string, string[]>();
  for (const { long, helpGroupHeading } of command.options) {
    const name = long?.slice(2) ?? '';
    const tellsApart = helpGroupHeading === groups.probe || name === 'drain-file';
    if (!tellsApart || targetOptions.has(name) || long === namesFrom?.option) continue;
    given.set(name, []);
    command.on(`option:${name}`, (value?: string) => given.get(name)?.push(value ?? ''));
  }
  // Once more, now that somebody listens.
  command.parseOptions([...args]);
  const options = [...given].flatMap(([name, values]) =>
    values.map((value) => `--${name} ${value}`.trim()),
  );
  return { text: [...names, ...options].join(' '), secret };
}

/** A variant that is made when it is first read: few replies need it, and each start would pay for it. */
export function lazily(make: () => Variant): Variant {
  let made: Variant | undefined;
  const variant = () => {
    made ??= make();
    return made;
  };
  return {
    get text() {
      return variant().text;
    },
    get secret() {
      return variant().secret;
    },
  };
}
