import { unlessDrained } from '../check/drain.ts';
import { run } from '../check/run.ts';
import type { Answer, RequestedChecks } from '../replies/reply.ts';
import type { CheckToServe, GetReport } from './served-check.ts';

/** Answers one request, with the reports that it asks for. */
export type GetAnswer = (requested: RequestedChecks) => Promise<Answer>;

/** What a resident answers with. */
export interface ResidentService {
  readonly getAnswer: GetAnswer;
  /** Reads the file of checks again; undefined when there is none. */
  readonly reload?: () => void;
  /** The names of its checks, or what its one check is called. */
  readonly titles: readonly string[];
}

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
