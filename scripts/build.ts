import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundleInTwo } from './late-code.ts';
import { nodeGuard } from './node-guard.ts';
import { asComment, notices } from './notices.ts';

const outfile = 'dist/lbcheck';

async function main(): Promise<void> {
  const code = await bundleInTwo('bin/lbcheck.ts', {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Node 18 runs it, and Node 10 can read it, as far as the guard's message.
    target: 'node10',
    // The first has only types; at run time it is commander itself.
    alias: { '@commander-js/extra-typings': 'commander' },
    // Less to read at each start. No arrow functions: V8 parses a nested arrow function in full before
    // it is called. As wrappers of the modules they would cost more than short names save.
    minify: true,
    // Without what only Bun runs.
    define: { 'process.versions.bun': 'undefined' },
    supported: { arrow: false, 'dynamic-import': false },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const banner = `#!/usr/bin/env node\n${await nodeGuard()}`;
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(outfile, `${banner}\n${code}${asComment(await notices())}\n`);
  await chmod(outfile, 0o755);
  const { size } = await stat(outfile);
  console.log(`${outfile}: ${(size / 1024).toFixed(1)} KiB`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
