/**
 * Calls `act` once the event loop has read what has arrived by now. If the process was stopped or had no
 * CPU, a timer fires late, but before the loop reads what arrived in the meantime. Node reads before an
 * immediate; Bun reads between an immediate and the immediate that it sets.
 */
export function afterReading(act: () => void): void {
  setImmediate(() => setImmediate(act));
}
