/** Calls `act` when it was started so many seconds ago and not stopped since; never when undefined. */
export function idleTimer(seconds: number | undefined, act: () => void) {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  return {
    start() {
      stop();
      if (seconds !== undefined) timer = setTimeout(act, seconds * 1000);
    },
    stop,
  };
}
