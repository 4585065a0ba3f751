import { chmod, stat } from 'node:fs/promises';
import { build } from 'esbuild';
import { nodeGuard } from './node-guard.ts';
import { asComment, notices } from './notices.ts';

const outfile = 'dist/lbcheck';

async function main(): Promise<void> {
  await build({
    entryPoints: ['bin/lbcheck.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Node 18 runs it, and Node 10 can read it, as far as the guard's message.
    target: 'node10',
    footer: { js: asComment(await notices()) },
    banner: { js: `#!/usr/bin/env node\n${await nodeGuard()}` },
    // The first has only types; at run time it is commander itself.
    alias: { '@commander-js/extra-typings': 'commander' },
    // Less to read at each start. No arrow functions: V8 parses a nested arrow function in full before
    // it is called. As wrappers of the modules they would cost more than short names save.
    minify: true,
    // Without what only Bun runs.
    define: { 'process.versions.bun': 'undefined' },
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
