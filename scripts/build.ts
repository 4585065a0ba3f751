import { createHash } from 'node:crypto';
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

/** For a program that need not start soon. */
const plain = { target: 'node18', supported: {} } satisfies BuildOptions;

async function main(): Promise<void> {
  const parts = await bundleInTwo('bin/lbcheck.ts', options);
  const start = await bundled('scripts/bundle/start.ts');
  const lines = [await nodeGuard(), asComments(parts), start, asComment(await notices())];
  await mkdir('dist', { recursive: true });
  const size = await write(outfile, lines);
  console.log(`${outfile}: ${(size / 1024).toFixed(1)} KiB`);
  await write('dist/make-code-cache', [await bundled('scripts/code-cache/make.ts', plain)]);
}

/** The parts as scripts/bundle/start.ts wants them. */
function asComments(parts: Parts): string {
  const functions = Object.entries(parts).map(([name, code]) => {
    const line = code.trimEnd().replaceAll('\n', ' ');
    return `${name}:function(){\n//(function(exports,require,module){${line}})\n}`;
  });
  const hash = createHash('sha256').update(functions.join()).digest('hex').slice(0, 32);
  return `var parts={${functions.join(',')}};\nvar build="${hash}";`;
}

async function bundled(entryPoint: string, own: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    ...{ ...options, ...own, write: false, entryPoints: [entryPoint] },
  });
  return outputFiles?.[0]?.text.trimEnd() ?? '';
}

/** Writes an executable of Node.js; returns its size. */
async function write(path: string, lines: readonly string[]): Promise<number> {
  await writeFile(path, `#!/usr/bin/env node\n${lines.join('\n')}\n`);
  await chmod(path, 0o755);
  return (await stat(path)).size;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
