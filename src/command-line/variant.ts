import type { Command } from '@commander-js/extra-typings';
import type { Variant } from '../check/outcome.ts';
import type { AimedProbe } from '../check/probe.ts';
import type { ProbeDeclaration } from '../probes/declaration.ts';
import { groups } from './groups.ts';

/** These name the target, not what it is asked. */
const targetOptions = new Set(['hostname', 'port']);

/**
 * What distinguishes a check: the names that it asks about, then its options in the order of the help
 * text.
 */
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
  // Parsed again, since the listeners are new.
  command.parseOptions([...args]);
  const options = [...given].flatMap(([name, values]) =>
    values.map((value) => `--${name} ${value}`.trim()),
  );
  return { text: [...names, ...options].join(' '), secret };
}

/** Makes the variant when it is first read: few replies need it, and it would slow down every start. */
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
