/**
 * Calls `act` once the event loop has read what has arrived by now. A timer that fires late, since the
 * process was stopped or had no CPU, comes before all that arrived in the meantime. Node reads before
 * an immediate; Bun reads between an immediate and the immediate that it sets.
 */
export function afterReading(act: () => void): void {
  setImmediate(() => setImmediate(act));
}
