import { statSync } from 'node:fs';
import { type DrainCode, type Outcome, type Report, unknown } from './outcome.ts';
import { type Check, run } from './run.ts';

/** Looks for a check's drain file each time it is asked; while the file exists, nothing is probed. */
export function unlessDrained(
  file: string | undefined,
  check: Check,
  ask: () => Promise<Report>,
): () => Promise<Report> {
  if (file === undefined) return ask;
  return () => {
    const outcome = lookFor(file, check.drainCode);
    return outcome ? run({ ...check, probe: async () => outcome }) : ask();
  };
}

/** The outcome without a probe; undefined while the file does not exist. */
function lookFor(file: string, drainCode?: DrainCode): Outcome | undefined {
  try {
    statSync(file);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return unknown(`cannot look for the drain file '${file}': ${code || message}`);
  }
  return { status: 'critical', summary: `drained: ${file} exists`, isDraining: true, drainCode };
}
