import type { ProbeDeclaration } from '../probes/declaration.ts';
import { probes } from '../probes/index.ts';

/** How the executable was called. */
export interface Called {
  /** What messages call the command: `lbcheck rbl`, `check_tls`. */
  readonly command: string;
  /** True under the name of a plugin. */
  readonly isPlugin: boolean;
  /** Undefined when no probe is named, or the name is not known. */
  readonly probe: ProbeDeclaration | undefined;
  readonly isServe: boolean;
  /** Without the name of the probe, and without that of `serve`. */
  readonly args: readonly string[];
}

/** Reads which command is called: by the name of the executable, or by the first argument. */
export function readCalled(name: string, args: readonly string[]): Called {
  const isPlugin = name.startsWith('check_');
  const probe = probes.find(isPlugin ? isPluginName(name) : (known) => known.name === args[0]);
  const isServe = !isPlugin && args[0] === 'serve';
  if (isPlugin || !(probe || isServe)) return { command: name, isPlugin, probe, isServe, args };
  return { command: `${name} ${args[0]}`, isPlugin, probe, isServe, args: args.slice(1) };
}

const isPluginName =
  (name: string) =>
  ({ plugin, pluginAlias }: ProbeDeclaration) =>
    plugin === name || pluginAlias === name;
