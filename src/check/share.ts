import type { Report } from './outcome.ts';

/** How long a run waits for more clients to join it, at most, in seconds. */
const gatherSeconds = 0.001;

/** A run waits for the end of the run before it, but not longer than this part of the deadline. */
const overlapPart = 1 / 4;
/** How many runs may be under way at once. */
const maxRuns = 4;

/**
 * Lets clients share runs. No report is older than its client's question. Clients that ask while nothing
 * runs wait a moment for each other and share one run. Clients that ask during a run share the next run,
 * which begins when the current one ends, or after a part of its deadline. A report that is at most
 * `hold` seconds old is given again, unless the check could not be made.
 */
export function share(
  run: () => Promise<Report>,
  hold: number,
  timeout: number,
): () => Promise<Report> {
  const turns = takeTurns(timeout * overlapPart);
  let clients = 0;
  let next: Promise<Report> | undefined;
  let last: { readonly report: Report; readonly finished: number } | undefined;

  const heldReport = () => {
    const isFresh = last !== undefined && performance.now() - last.finished <= hold * 1000;
    return isFresh ? last?.report : undefined;
  };
  const runNext = async () => {
    await turns.mayBegin();
    await gather(() => clients);
    // Its questions go out now.
    next = undefined;
    const held = heldReport();
    if (held) return held;
    const report = await turns.begin(run());
    if (hold > 0 && report.outcome.status !== 'unknown') {
      last = { report, finished: performance.now() };
    }
    return report;
  };
  return async () => {
    const held = heldReport();
    if (held) return held;
    clients += 1;
    next ??= runNext();
    return next;
  };
}

/** Lets a run begin when the one before has ended, or the given seconds after its begin. */
function takeTurns(apartSeconds: number) {
  const running = new Set<Promise<unknown>>();
  let latest: Promise<unknown> | undefined;
  let latestStart = 0;
  return {
    async mayBegin() {
      while (latest && running.has(latest)) {
        const wait = latestStart + apartSeconds * 1000 - performance.now();
        if (running.size >= maxRuns) await Promise.race(running);
        else if (wait <= 0) return;
        else await endOrTime(latest, wait);
      }
    },
    begin(run: Promise<Report>) {
      const end: Promise<unknown> = run.catch(() => {}).finally(() => running.delete(end));
      running.add(end);
      latest = end;
      latestStart = performance.now();
      return run;
    },
  };
}

/** Resolves when a promise does, or after so many milliseconds. */
function endOrTime(end: Promise<unknown>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    end.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Waits until a whole turn of the event loop brings no new client, or until the time limit. */
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
