const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const running = new Set<() => void>();

/**
 * Calls `kill` when a signal is about to end lbcheck: the signal itself does not reach the process group
 * of a program. If lbcheck listens for the signal elsewhere, the signal does not end it, and nothing is
 * killed. Returns a function that stops this.
 */
export function killOnSignal(kill: () => void): () => void {
  // Before all other listeners: a listener that is called once is no longer counted after its call.
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
