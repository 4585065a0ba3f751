import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { type BuildOptions, build } from 'esbuild';
import { bundleInTwo, type Parts } from './bundle/two-parts.ts';
import { nodeGuard } from './node-guard.ts';
import { asComment, notices } from './notices.ts';

const outfile = 'dist/lbcheck';

const options = {
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
  // A template may have a line break in it, and a part of the program is one line.
  supported: { arrow: false, 'dynamic-import': false, 'template-literal': false },
  // Without what only Bun runs.
  define: { 'process.versions.bun': 'undefined' },
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

async function main(): Promise<void> {
  const parts = await bundleInTwo('bin/lbcheck.ts', options);
  const lines = [
    '#!/usr/bin/env node',
    await nodeGuard(),
    asComments(parts),
    await start(),
    asComment(await notices()),
  ];
  await mkdir('dist', { recursive: true });
  await writeFile(outfile, `${lines.join('\n')}\n`);
  await chmod(outfile, 0o755);
  const { size } = await stat(outfile);
  console.log(`${outfile}: ${(size / 1024).toFixed(1)} KiB`);
}

/** The parts as scripts/bundle/start.ts wants them. */
function asComments(parts: Parts): string {
  const functions = Object.entries(parts).map(([name, code]) => {
    const line = code.trimEnd().replaceAll('\n', ' ');
    return `${name}:function(){\n//(function(exports,require,module){${line}})\n}`;
  });
  return `var parts={${functions.join(',')}};`;
}

async function start(): Promise<string> {
  const { outputFiles } = await build({
    ...{ ...options, write: false },
    entryPoints: ['scripts/bundle/start.ts'],
  });
  return outputFiles?.[0]?.text.trimEnd() ?? '';
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
