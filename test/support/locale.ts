import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory } from './programs.ts';

/** Makes the locale de_DE.UTF-8, whose numbers have commas; returns the LOCPATH that it is found in. */
export async function makeGermanLocale(cleanUp: CleanUp): Promise<string> {
  const files = await directory(cleanUp);
  execFileSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', join(files, 'de_DE.utf8')]);
  return files;
}
