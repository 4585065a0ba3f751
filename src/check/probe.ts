import type { AbortSignalLike } from '../system/abort.ts';
import type { Outcome } from './outcome.ts';
import type { Trace } from './trace.ts';

/**
 * Asks one target one question. Resolves soon after `signal` aborts (the deadline) or earlier, and never
 * rejects because of what the target does. `trace` receives the steps, if the user wants to see them.
 */
export type Probe = (signal: AbortSignalLike, trace?: Trace) => Promise<Outcome>;

/** A probe with its options inside, ready to run. */
export interface AimedProbe {
  /** What will be asked, as the user named it, such as `127.0.0.1:53`. */
  readonly target: string;
  readonly probe: Probe;
  /** The names that the target is asked about, such as zones. A label hides them. */
  readonly names?: readonly string[] | undefined;
  /** Arguments that distinguish the check, but may hold passwords: never shown. */
  readonly secret?: string | undefined;
}
