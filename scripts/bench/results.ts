import type { CrowdResult } from './crowd-race.ts';
import type { ProcessResult } from './process-race.ts';
import type { ServedResult } from './served-race.ts';

/** What one run of the benchmark found. */
export interface Results {
  /** One group for each question, its rows in the order of the tables. */
  readonly processes: Readonly<Record<'rbl' | 'tls' | 'syn', readonly ProcessResult[]>>;
  readonly servers: readonly ServedResult[];
  /** `lbcheck serve` with files of checks. */
  readonly many: readonly ServedResult[];
  /** `/metrics` of 100 checks: the time to that of the slowest probe, by the names of the rows. */
  readonly metricsRatios: Readonly<Record<string, number>>;
  readonly crowds: readonly CrowdResult[];
  /** One row by its name; throws when there is none. */
  process(name: string): ProcessResult;
  served(name: string): ServedResult;
}

export function resultsOf(measured: Omit<Results, 'process' | 'served'>): Results {
  const { processes, servers, many } = measured;
  return {
    ...measured,
    process: (name) => named(Object.values(processes).flat(), name),
    served: (name) => named([...servers, ...many], name),
  };
}

function named<Row extends { readonly name: string }>(rows: readonly Row[], name: string): Row {
  const row = rows.find((row) => row.name === name);
  if (!row) throw new Error(`there is no row '${name}'`);
  return row;
}
