import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory } from './programs.ts';

/**
 * Makes a locale in UTF-8, such as de_DE.UTF-8, whose numbers have commas; returns the LOCPATH that it is
 * found in.
 */
export async function makeLocale(name: 'de_DE' | 'fr_FR', cleanUp: CleanUp): Promise<string> {
  const files = await directory(cleanUp);
  execFileSync('localedef', ['-i', name, '-f', 'UTF-8', join(files, `${name}.utf8`)]);
  return files;
}
