import type { ProbeDeclaration } from '../probes/declaration.ts';
import { probes } from '../probes/index.ts';

/** The help of a probe after its options; `name` is the command, `lbcheck rbl`. */
export function helpBelowProbe(name: string, { examples }: ProbeDeclaration): string {
  const lines = examples.map((example) => `  ${name} ${example}`);
  return `
Examples:
${lines.join('\n')}

Form of the answer without --reply: plugin under the name of a plugin, on a
terminal, and if stdin is empty; else http.
${exitCodes}
${manual}`;
}

/** The help of the executable after its commands. */
export function helpBelowCommands(): string {
  const plugins = namesOf('plugin').join(', ');
  return `
Examples:
  lbcheck help rbl
  lbcheck rbl 192.0.2.7 --zone dnsbl.example.org
  lbcheck tls 192.0.2.7 443 --listen :8089
  lbcheck serve /etc/lbcheck/checks --listen :8088

The same executable is a plugin under these names, as symbolic links:
  ${plugins}
${exitCodes}
${manual}`;
}

/** The help of `serve` after its options. */
export function helpBelowServe(): string {
  return `
Each line of FILE is a name and a command line of lbcheck's own:
  dnsbl    rbl 127.0.0.1 --zone dnsbl.example.org --max-age 2h
  license  tls 192.0.2.7 27000 --timeout 1

Examples:
  lbcheck serve /etc/lbcheck/checks --test
  lbcheck serve /etc/lbcheck/checks --listen :8088
  lbcheck serve fleet --listen :9115 --allow-targets 192.0.2.0/24
${exitCodes}
${serveManual}`;
}

/** The names that can be called: those of the probes, or those of the plugins. */
export function namesOf(kind: 'name' | 'plugin'): readonly string[] {
  return probes.flatMap((probe) => probe[kind] ?? []);
}

const exitCodes = `
Exit codes:
  plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; 3 for help and version too
  else:   0 ok or warning, 1 critical or unknown
  all:    3 if the answer could not be written`;

const serveManual = `
Manual: man 5 lbcheck-serve, or docs/serve.md.`;

const manual = `
Manual: man lbcheck, or the pages in docs/, such as docs/rbl.md.`;
