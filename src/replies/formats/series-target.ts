import { scryptSync } from 'node:crypto';
import type { Report } from '../../check/outcome.ts';

/**
 * The target as a label of time series, which tells apart what the command line tells apart: two checks
 * must not write the same series. With a label the target stands alone.
 */
export function seriesTarget({ target, label, variant }: Report): string {
  if (label !== undefined || variant === undefined) return target;
  const { text, secret } = variant;
  const mark = secret === undefined ? '' : `#${fingerprint(secret)}`;
  return [target, text, mark].filter((part) => part !== '').join(' ');
}

const fingerprints = new Map<string, string>();

/** Slow on purpose, some 50 ms: whoever reads metrics must not guess a password by it. */
function fingerprint(secret: string): string {
  const known = fingerprints.get(secret);
  if (known !== undefined) return known;
  const made = scryptSync(secret, 'lbcheck', 4).toString('hex');
  fingerprints.set(secret, made);
  return made;
}
