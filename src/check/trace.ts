/**
 * Takes one step of a probe, in words. `level` says who wants to know: 1 (`-v`) for what was done, 2 for
 * what was received in detail, 3 for raw messages. The words are made only when somebody asked for them.
 */
export type Trace = (level: 1 | 2 | 3, step: () => string) => void;

/** The most lines that are shown behind a summary. */
const maxLines = 40;

/** The steps of one run. */
export interface Steps {
  readonly trace: Trace;
  /** Each behind the time since the start of the run. */
  readonly lines: readonly string[];
}

/** Collects the steps up to a level; what is too much to be shown is not kept. */
export function collectSteps(verbosity: number): Steps {
  const start = performance.now();
  const lines: string[] = [];
  const trace: Trace = (level, step) => {
    if (level > verbosity || lines.length > maxLines) return;
    lines.push(`${(performance.now() - start).toFixed(1)} ms: ${step()}`);
  };
  return { trace, lines };
}

/** At most 40 lines. The last of more says that there are more. */
export function bounded(lines: readonly string[]): readonly string[] {
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines - 1), '...'];
}
