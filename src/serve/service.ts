import type { Network } from '../options/networks.ts';
import { answerWithOne, type GetAnswer, type ResidentService, runOnce } from './answers.ts';
import type { FirstChecks, LoadResult } from './checks.ts';
import type { Log } from './log.ts';
import type { CheckToServe } from './served-check.ts';

/** What is served: one check, or those of a file. */
export type Service =
  | ({ readonly kind: 'one' } & CheckToServe)
  | {
      readonly kind: 'many';
      readonly first: FirstChecks;
      /** Reads the file again. */
      readonly load: () => LoadResult;
      readonly allowedTargets: readonly Network[];
    };

/** Answers one client: a single check is run, and nothing is kept. */
export async function answerOneShot(service: Service): Promise<GetAnswer> {
  if (service.kind === 'one') return answerWithOne(runOnce(service));
  return (await answerResident(service, () => {})).getAnswer;
}

/** Answers many clients; the changes of each check go to the log. */
export async function answerResident(service: Service, log: Log): Promise<ResidentService> {
  // Loaded late, for those who start one process per check.
  if (service.kind === 'one') {
    const { serveCheck, titleOf } = await import('./served-check.ts');
    return { getAnswer: answerWithOne(serveCheck(service, log)), titles: [titleOf(service)] };
  }
  const { first, load, allowedTargets } = service;
  const { serveChecks } = await import('./checks.ts');
  const { allowedTargets: judge } = await import('./allowed-targets.ts');
  return serveChecks(first, load, judge(allowedTargets), log);
}
