import type { AbortSignalLike } from '../../system/abort.ts';
/** Resolves when the next question may go out. */
export type Pace = () => Promise<void>;

/**
 * Spreads questions, so many a second at most, for servers that limit the questions of a client. Without
 * a limit none waits; after the abort none waits either.
 */
export function openPace(perSecond: number | undefined, signal: AbortSignalLike): Pace {
  if (perSecond === undefined) return () => Promise.resolve();
  const waiting = new Set<() => void>();
  let next = 0;
  const letAllGo = () => {
    for (const go of waiting) go();
  };
  signal.addEventListener('abort', letAllGo, { once: true });
  return () => {
    const now = performance.now();
    const start = Math.max(now, next);
    next = start + 1000 / perSecond;
    if (start === now || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, start - now);
      waiting.add(go);
    });
  };
}
