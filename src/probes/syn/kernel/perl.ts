/** A perl program that runs. */
export interface Perl {
  /** Its exit code, or the signal that ended it. Rejects with errno(3) when it could not be started. */
  readonly end: Promise<number | string>;
  /** What it has printed so far. */
  readonly printed: Readonly<Record<'stdout' | 'stderr', string>>;
  /** Kills it, and closes what we hold of it. */
  readonly stop: () => void;
}

/** More than any answer or complaint. */
export const maxLength = 4096;
