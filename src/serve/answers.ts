import { unlessDrained } from '../check/drain.ts';
import { run } from '../check/run.ts';
import type { Answer, RequestedChecks } from '../replies/reply.ts';
import type { CheckToServe, GetReport } from './served-check.ts';

/** Answers one request, with the reports that it asks for. */
export type GetAnswer = (requested: RequestedChecks) => Promise<Answer>;

/** Answers every request with one check, whatever its path. */
export function answerWithOne(getReport: GetReport): GetAnswer {
  return async ({ limitSeconds }) => ({ kind: 'report', report: await getReport(limitSeconds) });
}

/** One run of a check for one client: nothing is shared, remembered or logged. */
export function runOnce({ check, drainFile }: CheckToServe): GetReport {
  return (limitSeconds = Number.POSITIVE_INFINITY) => {
    const limited = { ...check, timeout: Math.min(check.timeout, limitSeconds) };
    return unlessDrained(drainFile, limited, () => run(limited))();
  };
}
