import { resolve } from 'node:path';
import type { CleanUp } from '../../test/support/clean-up.ts';
import { startRbldnsd, zoneFiles } from '../../test/support/rbldnsd.ts';

/** Both builds of lbcheck, by their runtime. */
export const executables = [
  { kind: 'native', path: resolve('dist/lbcheck-linux-x64') },
  { kind: 'Node', path: resolve('dist/lbcheck') },
] as const;

/** The bundle as scripts/install leaves it, with its code cache. */
export const installedRbl = 'lbcheck rbl (Node, installed)';

export type Kind = (typeof executables)[number]['kind'];

/** The usual health check script, and one that forks as seldom as possible. */
export const scripts = {
  usual: resolve(import.meta.dirname, 'host-grep'),
  lean: resolve(import.meta.dirname, 'host-grep-lean'),
} as const;

/** The programs that lbcheck is compared with, by their names in the tables. */
export const peers = {
  node: 'node -e 0',
  shell: 'shell script',
  leanShell: 'shell script, few forks',
  checkDig: 'check_dig',
  checkTcp: 'check_tcp -S',
  nmap: 'nmap alone',
  floor: 'static C program',
  blackbox: 'blackbox_exporter',
} as const;

/** The rows of half-open checks, by the engine that asks. */
export const synBy = {
  kernel: (kind: Kind) => `lbcheck syn --engine kernel (${kind})`,
  nmap: (kind: Kind) => `lbcheck syn --engine nmap (${kind})`,
} as const;

/** The list server that all contestants ask. */
export interface List {
  readonly zone: string;
  readonly port: string;
}

export async function startList(cleanUp: CleanUp): Promise<List> {
  const zone = 'good.example';
  const { port } = await startRbldnsd(cleanUp, { [zone]: zoneFiles.good });
  return { zone, port: String(port) };
}
