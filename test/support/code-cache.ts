import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { type Ending, executable, lbcheck } from './executable.ts';
import { directory } from './programs.ts';

const maker = resolve(import.meta.dirname, '../../dist/make-code-cache');
const fixture = resolve(import.meta.dirname, '../fixtures/tells-code-cache.cjs');

/** The bundle as it is installed, with code caches. */
export interface Installation {
  readonly bundle: string;
  /** The directory of the caches. */
  readonly caches: string;
  /** Makes the caches for a release of Node.js. */
  make(node?: string): void;
  /** The path of the cache of a part, for a release of Node.js. */
  cache(part: 'early' | 'late', version?: string): string;
  /** Runs the bundle; stderr says what became of the cache of each part. */
  run(args: readonly string[], input: string, node?: readonly string[]): Promise<Ending>;
}

export async function installBundle(cleanUp: CleanUp): Promise<Installation> {
  const prefix = await directory(cleanUp);
  const [bundle, caches] = [join(prefix, 'bin/lbcheck'), join(prefix, 'lib/lbcheck')];
  mkdirSync(join(prefix, 'bin'));
  copyFileSync(executable, bundle);
  return {
    ...{ bundle, caches },
    make: (node = process.execPath) => void execFileSync(node, [maker, bundle]),
    cache(part, version = process.version) {
      const ending = `-${version}-${process.arch}-${part}.cache`;
      const name = readdirSync(caches).find((each) => each.endsWith(ending));
      if (name === undefined) throw new Error(`no cache with the name *${ending}`);
      return join(caches, name);
    },
    run: (args, input, [node = process.execPath, ...options] = []) =>
      lbcheck([...options, '--require', fixture, bundle, ...args], { command: node, input }),
  };
}
