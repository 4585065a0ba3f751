import { chmod, stat } from 'node:fs/promises';
import { build } from 'esbuild';
import { nodeGuard } from './node-guard.ts';

const outfile = 'dist/lbcheck';

async function main(): Promise<void> {
  await build({
    entryPoints: ['bin/lbcheck.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Node 18 runs it, and Node 10 can read it, as far as the guard's words.
    target: 'node10',
    banner: { js: `#!/usr/bin/env node\n${await nodeGuard()}` },
    // Types only: at run time it is commander itself.
    alias: { '@commander-js/extra-typings': 'commander' },
    // Less to read at each start. As arrow functions, esbuild's wrappers around the modules would
    // cost more than shorter names save: V8 parses a nested one in full before it is ever called.
    minify: true,
    supported: { arrow: false },
    legalComments: 'none',
    logLevel: 'warning',
  });
  await chmod(outfile, 0o755);
  const { size } = await stat(outfile);
  console.log(`${outfile}: ${(size / 1024).toFixed(1)} KiB`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
