import type { ProbeDeclaration } from './declaration.ts';
import { dns } from './dns/index.ts';
import { exec } from './exec/index.ts';
import { rbl } from './rbl/index.ts';
import { syn } from './syn/index.ts';
import { tls } from './tls/index.ts';

/** Every probe, in the order of the help text. */
export const probes: readonly ProbeDeclaration[] = [rbl, dns, tls, syn, exec];
