import type { Network } from '../options/networks.ts';
import { answerWithOne, type GetAnswer, runOnce } from './answers.ts';
import type { LoadedChecks, LoadResult } from './checks.ts';
import type { Log } from './log.ts';
import type { CheckToServe } from './served-check.ts';

/** What is served: one check, or those of a file. */
export type Service =
  | ({ readonly kind: 'one' } & CheckToServe)
  | {
      readonly kind: 'many';
      readonly loaded: LoadedChecks;
      /** Reads the file again. */
      readonly load: () => LoadResult;
      readonly allowedTargets: readonly Network[];
    };

/** What a resident answers with. */
export interface ResidentService {
  readonly getAnswer: GetAnswer;
  /** Reads the file of checks again; undefined when there is none. */
  readonly reload?: () => void;
  /** The names of its checks, or what its one check is called. */
  readonly titles: readonly string[];
}

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
  const { loaded, load, allowedTargets } = service;
  const { serveChecks } = await import('./checks.ts');
  const { allowedTargets: judge } = await import('./allowed-targets.ts');
  const { answer, reload } = serveChecks(loaded, load, judge(allowedTargets), log);
  const titles = [...loaded.checks, ...loaded.templates].map(({ name }) => name);
  return { getAnswer: answer, reload, titles };
}
