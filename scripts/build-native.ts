import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { withEntry } from './native/entry.ts';
import { makeStripProof } from './native/strip-proof.ts';
import { asComment, notices, runtimeNotice } from './notices.ts';

const outfile = 'dist/lbcheck-linux-x64';

/** Where npm puts Bun, and where Bun's install script moves it, if npm runs that. */
const places = ['node_modules/@oven/bun-linux-x64/bin/bun', 'node_modules/bun/bin/bun.exe'];

/** The executable must not read files of its working directory, which may be anywhere. */
const readsNothing = ['dotenv', 'bunfig', 'tsconfig', 'package-json'].map(
  (file) => `--no-compile-autoload-${file}`,
);

/** Leaves out what only Node runs. */
const isBun = ['--define', 'process.versions.bun="bun"'];

/**
 * Bytecode needs CommonJS. The default policy compiles machine code too early: a process of a few
 * milliseconds ends before it is of use. Ten times later is early enough for a resident.
 */
const startsSoon = ['--bytecode', '--format=cjs', '--minify', '--compile-jit-policy=10'];

async function main(): Promise<void> {
  const bun = places.find((place) => existsSync(place));
  if (bun === undefined) throw new Error(`Bun for Linux on x86-64 is not in ${places.join(', ')}`);
  const args = ['build', 'bin/lbcheck.ts', '--compile', `--outfile=${outfile}`];
  const footer = `--footer=${asComment(runtimeNotice() + (await notices()))}`;
  execFileSync(bun, [...args, ...readsNothing, ...startsSoon, ...isBun, footer], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const elf = readFileSync(outfile);
  makeStripProof(elf);
  writeFileSync(outfile, withEntry(elf));
  console.log(`${outfile}: ${(statSync(outfile).size / 1024 ** 2).toFixed(1)} MiB`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
