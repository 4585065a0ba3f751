import type { Report } from './outcome.ts';

/** How long clients are gathered for one run at most, in seconds. */
const gatherSeconds = 0.001;

/**
 * Lets clients that overlap share one run. Those who ask at the same moment are gathered before it
 * starts, so that one question answers them all. A report that is finished is given to nobody who comes
 * later, unless it is not older than `hold` seconds; and never when the check could not be made.
 */
export function share(run: () => Promise<Report>, hold: number): () => Promise<Report> {
  let clients = 0;
  let running: Promise<Report> | undefined;
  let last: { readonly report: Report; readonly finished: number } | undefined;

  const gatherAndRun = async () => {
    await gather(() => clients);
    const report = await run();
    if (hold > 0 && report.outcome.status !== 'unknown') {
      last = { report, finished: performance.now() };
    }
    return report;
  };
  return () => {
    if (last && performance.now() - last.finished <= hold * 1000) {
      return Promise.resolve(last.report);
    }
    clients += 1;
    running ??= gatherAndRun().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Waits until a whole turn of the event loop has brought nobody new, or for as long as it may. */
function gather(count: () => number): Promise<void> {
  return new Promise((resolve) => {
    const latest = performance.now() + gatherSeconds * 1000;
    let before = -1;
    const look = () => {
      const now = count();
      if (now === before || performance.now() > latest) return resolve();
      before = now;
      setImmediate(look);
      return undefined;
    };
    setImmediate(look);
  });
}
