const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const running = new Set<() => void>();

/**
 * Calls `kill` when a signal is about to end lbcheck, since the signal does not reach the group of a
 * program. When somebody else listens for it, the signal does not end us, and nothing is killed.
 * Returns how to stop it.
 */
export function killOnSignal(kill: () => void): () => void {
  // First in the row: behind it a listener that is called once would no longer be counted.
  if (running.size === 0) for (const signal of signals) process.prependListener(signal, pass);
  running.add(kill);
  return () => {
    running.delete(kill);
    if (running.size === 0) for (const signal of signals) process.off(signal, pass);
  };
}

function pass(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  for (const kill of running) kill();
  for (const each of signals) process.off(each, pass);
  process.kill(process.pid, signal);
}
