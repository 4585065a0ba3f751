import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { cachePath, headOf } from './file.ts';

/**
 * The code cache of one part of the program, made by scripts/code-cache/make.ts; undefined when there is
 * none that can be believed. V8 does not check the code, and would crash by one wrong bit: it stands in the
 * file twice. Never throws.
 */
export function readCache(bundle: string, build: string, part: string, text: string) {
  const path = cachePath(bundle, build, part);
  // An exception takes longer.
  if (!existsSync(path)) return undefined;
  let file: number | undefined;
  try {
    // A FIFO would keep us waiting.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    const isTrusted = stats.uid === 0 || stats.uid === statSync(bundle).uid;
    if (!isTrusted || !stats.isFile() || (stats.mode & 0o022) !== 0) return undefined;
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    return readSync(file, bytes) === stats.size ? codeIn(bytes, headOf(text)) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The code in a file that is right to its last bit. */
function codeIn(bytes: Buffer, head: Buffer): Buffer | undefined {
  if (!head.equals(bytes.subarray(0, head.length))) return undefined;
  const middle = (head.length + bytes.length) / 2;
  if (!Number.isInteger(middle) || middle === head.length) return undefined;
  const code = bytes.subarray(head.length, middle);
  return code.equals(bytes.subarray(middle)) ? code : undefined;
}
