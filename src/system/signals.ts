/** Node opens its debugger at the first of these, and the other two would end the process. */
const ignored = ['SIGUSR1', 'SIGUSR2', 'SIGPIPE'] as const;

/** From now on these signals do nothing. */
export function ignoreSignals(): void {
  for (const signal of ignored) process.on(signal, () => {});
}
