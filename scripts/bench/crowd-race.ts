import type { ServedContestant } from './served-race.ts';
import { median } from './statistics.ts';
import { type Run, wrk } from './wrk.ts';

/** How many clients ask at the same time. */
export const crowds = [1, 4, 16, 64, 512] as const;

/** One server under one number of clients. */
export interface CrowdResult {
  readonly name: string;
  readonly clients: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
  readonly errors: number;
}

/** A race of servers under few and under many clients, one at a time. */
export function crowdRace(contestants: readonly ServedContestant[]) {
  const rows = crowds.flatMap((clients) =>
    contestants.map((contestant) => ({ contestant, clients, runs: [] as Run[] })),
  );
  return {
    warmUp: async () => {},
    async round() {
      for (const { contestant, clients, runs } of rows) {
        runs.push(wrk(contestant.url, { connections: clients, seconds: 1 }));
      }
    },
    results: (): readonly CrowdResult[] =>
      rows.map(({ contestant: { name }, clients, runs }) => ({
        ...{ name, clients },
        perSecond: median(runs.map((run) => run.perSecond)),
        p99: median(runs.map((run) => run.p99)),
        errors: runs.reduce((sum, run) => sum + run.errors, 0),
      })),
  };
}
