import { scryptSync } from 'node:crypto';
import type { Report } from '../../check/outcome.ts';

/**
 * The target as a label of time series. Checks with different command lines get different labels here:
 * two checks must not write the same series. A check that has its own label gets the target alone, and a
 * check of a file, which has the label `check`, needs no fingerprint.
 */
export function seriesTarget({ name, target, label, variant }: Report): string {
  if (label !== undefined || variant === undefined) return target;
  const { text, secret } = variant;
  const mark = secret === undefined || name !== undefined ? '' : `#${fingerprint(secret)}`;
  return [target, text, mark].filter((part) => part !== '').join(' ');
}

const fingerprints = new Map<string, string>();

/** Slow on purpose (some 50 ms), so that a reader of the metrics cannot guess a password by trying many. */
function fingerprint(secret: string): string {
  const known = fingerprints.get(secret);
  if (known !== undefined) return known;
  const made = scryptSync(secret, 'lbcheck', 4).toString('hex');
  fingerprints.set(secret, made);
  return made;
}
