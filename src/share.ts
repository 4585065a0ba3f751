import type { Report } from './outcome.ts';

/**
 * Lets askers that overlap share one run. A report that is finished is given to nobody who comes
 * later, unless it is not older than `hold` seconds.
 */
export function share(run: () => Promise<Report>, hold: number): () => Promise<Report> {
  let running: Promise<Report> | undefined;
  let last: { readonly report: Report; readonly finished: number } | undefined;

  return () => {
    if (last && performance.now() - last.finished <= hold * 1000) {
      return Promise.resolve(last.report);
    }
    running ??= run()
      .then((report) => {
        if (hold > 0) last = { report, finished: performance.now() };
        return report;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
}
