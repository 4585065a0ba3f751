import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * Replaces getent by a shell script until the test ends, so that look-ups need no resolver. Returns the
 * directory that the script runs in.
 */
export function replaceGetent(script: string, mode = 0o755): string {
  const directory = mkdtempSync(join(tmpdir(), 'lbcheck-getent-'));
  const program = join(directory, 'getent');
  writeFileSync(program, `#!/bin/sh\ncd ${directory}\n${script}\n`);
  chmodSync(program, mode);
  setPath(`${directory}:${process.env.PATH}`);
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Changes where programs are found until the test ends. */
export function setPath(path: string): void {
  const before = process.env.PATH;
  process.env.PATH = path;
  onTestFinished(() => {
    process.env.PATH = before;
  });
}
