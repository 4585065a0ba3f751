import { unlessDrained } from '../check/drain.ts';
import { recordHistory } from '../check/history.ts';
import type { Report } from '../check/outcome.ts';
import { type Check, run } from '../check/run.ts';
import { share } from '../check/share.ts';
import { type Log, logChanges } from './log.ts';

/** A check and how it is served. */
export interface CheckToServe {
  /** Its name in a file of checks; undefined when it is the only one. */
  readonly name?: string;
  readonly check: Check;
  /** While this file exists nothing is probed. */
  readonly drainFile: string | undefined;
  /** For how many seconds a report is given again. */
  readonly hold: number;
}

/**
 * Gives a report of one check. `limitSeconds` is how long the client waits. If that is shorter than the
 * check's deadline, the client gets its own run.
 */
export type GetReport = (limitSeconds?: number) => Promise<Report>;

/**
 * Serves a check to many clients: those that ask at the same time share one run, and each change of its
 * state is logged and remembered.
 */
export function serveCheck(served: CheckToServe, log: Log): GetReport {
  const { name, check, drainFile, hold } = served;
  const recordChange = logChanges(titleOf(served), recordHistory(), log);
  const watch = (report: Report) => ({
    ...recordChange(report),
    ...(name !== undefined && { name }),
  });
  const shared = share(async () => watch(await run(check)), hold, check.timeout);
  return async (limitSeconds = Number.POSITIVE_INFINITY) => {
    const isShortened = limitSeconds < check.timeout;
    const ask = isShortened ? () => run({ ...check, timeout: limitSeconds }) : shared;
    const report = await unlessDrained(drainFile, check, ask)();
    return report.history ? report : watch(report);
  };
}

/** What the log calls a check. */
export function titleOf({ name, check }: CheckToServe): string {
  return name ?? `${check.name} ${check.label ?? check.target}`.trim();
}
