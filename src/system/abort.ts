/** The signal of a deadline, and what ends it. */
export interface Abort {
  readonly signal: AbortSignal;
  abort(): void;
}

/**
 * An AbortController as far as lbcheck uses one: `aborted` and the event `abort`. Node compiles for its own
 * ten times as much, and spends longer on each client. Not for an interface of Node that takes a signal.
 */
export function openAbort(): Abort {
  const listeners = new Set<() => void>();
  let aborted = false;
  const signal = {
    get aborted() {
      return aborted;
    },
    addEventListener: (_event: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_event: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  return {
    signal: signal as unknown as AbortSignal,
    abort() {
      if (aborted) return;
      aborted = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}
