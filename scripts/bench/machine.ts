import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

/** The machine, its system and its runtimes, in one sentence. */
export function machine(): string {
  const [cpu] = cpus();
  const name = /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  return [
    `${cpus().length} cores of ${cpu?.model ?? 'an unknown processor'}`,
    `${(totalmem() / 1e9).toFixed(0)} GB of memory`,
    `Linux ${release()}`,
    name,
    `Node.js ${process.version}`,
    `Bun ${bunVersion()}`,
  ].join(', ');
}

/** The version of the Bun inside the native executable. */
function bunVersion(): string {
  const manifest = join(import.meta.dirname, '../../node_modules/bun/package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
