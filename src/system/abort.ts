/** What lbcheck needs of an AbortSignal, which is one too. Node's own interfaces do not take it. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(event: 'abort', listener: () => void, options?: { readonly once: true }): void;
  removeEventListener(event: 'abort', listener: () => void): void;
}

/** The signal of a deadline, and what ends it. */
export interface Abort {
  readonly signal: AbortSignalLike;
  abort(): void;
}

/**
 * An AbortController as far as lbcheck uses one. Node compiles ten times as much for its own, and spends
 * longer on each client.
 */
export function openAbort(): Abort {
  const listeners = new Set<() => void>();
  let aborted = false;
  const signal: AbortSignalLike = {
    get aborted() {
      return aborted;
    },
    addEventListener: (_event: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_event: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  return {
    signal,
    abort() {
      if (aborted) return;
      aborted = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}
