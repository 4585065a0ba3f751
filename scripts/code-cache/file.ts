import { statSync } from 'node:fs';

/** Where the code caches of a bundle are. */
export function cacheDirectory(bundle: string): string {
  return `${bundle.slice(0, bundle.lastIndexOf('/'))}/../lib/lbcheck`;
}

/** What the names of the caches for this release of Node.js begin with. `build` is the hash of the program. */
export const namePrefix = (build: string) => `${build}-${process.version}-${process.arch}-`;

/** The code cache of one part of the program. */
export function cachePath(bundle: string, build: string, part: string): string {
  return `${cacheDirectory(bundle)}/${namePrefix(build)}${part}.cache`;
}

/**
 * What stands in the file before the code: which executable of Node.js has made it, from which text. A file
 * that begins otherwise was made for another program, or by another release.
 */
export function headOf(text: string): Buffer {
  const { execPath, versions } = process;
  const { size, mtimeMs } = statSync(execPath);
  const line = `lbcheck code cache: V8 ${versions.v8}, ${execPath} ${size} ${mtimeMs}\n`;
  const head = Buffer.allocUnsafeSlow(line.length + text.length);
  head.write(line, 'latin1');
  head.write(text, line.length, 'latin1');
  return head;
}
