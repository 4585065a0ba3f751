import type { Perl } from './perl.ts';

/**
 * Starts a program with a pipe for its stdin, which ends when lbcheck does. Under Bun by its own call:
 * node:child_process takes 9 of the 12 ms there. The imports are late, so that each loads its own.
 */
export async function startPerl(file: string, args: readonly string[]): Promise<Perl> {
  const { start } =
    process.versions.bun === undefined
      ? await import('./perl-node.ts')
      : await import('./perl-bun.ts');
  return start(file, args, environment());
}

/** Without what perl reads of the environment; LD_PRELOAD and MARK pass, which mark the connection. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PERL'));
  // Without this perl complains on stderr about a locale that is not installed.
  return { ...Object.fromEntries(kept), PERL_BADLANG: '0' };
}
