import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory } from './programs.ts';

const script = resolve(import.meta.dirname, '../../scripts/release');

/** Artefacts as scripts/release builds them from the working tree. */
export interface Artefacts {
  readonly folder: string;
  readonly names: readonly string[];
  /** The path of the artefact whose name has this end. */
  readonly path: (end: string) => string;
}

/**
 * Builds artefacts of the working tree into a directory that goes when the test or file is over. If
 * LBCHECK_ARTEFACTS names a directory, they are there already.
 */
export async function buildRelease(
  cleanUp: CleanUp,
  ...artefacts: readonly string[]
): Promise<Artefacts> {
  const ready = process.env.LBCHECK_ARTEFACTS;
  const folder = ready ?? (await directory(cleanUp));
  if (ready === undefined) {
    execFileSync(script, ['--snapshot', '--output', folder, ...artefacts], { stdio: 'pipe' });
  }
  const names = readdirSync(folder).sort();
  const path = (end: string) => {
    const name = names.find((each) => each.endsWith(end));
    if (name === undefined) throw new Error(`no ${end} among ${names.join(', ')}`);
    return join(folder, name);
  };
  return { folder, names, path };
}
