/**
 * Receives one step of a probe. `level` is the verbosity from which it is shown: 1 (`-v`) for what was
 * done, 2 for details of what was received, 3 for raw messages. The text is made only when it will be
 * shown.
 */
export type Trace = (level: 1 | 2 | 3, step: () => string) => void;

/** How many lines are shown after a summary, at most. */
const maxLines = 40;

/** The steps of one run. */
export interface Steps {
  readonly trace: Trace;
  /** Each begins with the time since the start of the run. */
  readonly lines: readonly string[];
}

/** Collects the steps up to a level. It keeps no more than can be shown. */
export function collectSteps(verbosity: number): Steps {
  const start = performance.now();
  const lines: string[] = [];
  const trace: Trace = (level, step) => {
    if (level > verbosity || lines.length > maxLines) return;
    lines.push(`${(performance.now() - start).toFixed(1)} ms: ${step()}`);
  };
  return { trace, lines };
}

/** At most 40 lines. If there are more, the last line tells so. */
export function bounded(lines: readonly string[]): readonly string[] {
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines - 1), '...'];
}
