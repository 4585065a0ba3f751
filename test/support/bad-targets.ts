import type { Target } from './targets.ts';

/** The arguments with which each probe asks a target, if HOST and PORT are not enough. */
const commandLines: Readonly<Record<string, (host: string, port: string) => string[]>> = {
  rbl: (host, port) => [host, port, '--zone', 'dnsbl.test', '--max-age', '1h'],
  dns: (host, port) => [host, port, '--query', 'x.test'],
  // It has no target; a command that never ends is as bad.
  exec: () => ['--', 'sleep', '60'],
};

export function argsFor(probe: string, { address, port }: Omit<Target, 'close'>): string[] {
  const args = commandLines[probe] ?? ((host: string, port: string) => [host, port]);
  return args(address, String(port));
}
