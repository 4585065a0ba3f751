import { readFileSync } from 'node:fs';
import { until } from '../../test/support/programs.ts';
import { median, type Spread, spread } from './statistics.ts';
import { type Run, verify, wrk } from './wrk.ts';

/** What answers over HTTP, and what its body must say. */
export interface ServedContestant {
  readonly name: string;
  readonly url: string;
  readonly says: string;
  /** Of the process that listens, or for a resident of its xinetd. */
  readonly pid: number;
  /** True when one child of that process serves everybody. */
  readonly isResident: boolean;
}

export interface ServedResult {
  readonly name: string;
  readonly perSecond: Spread;
  /** Medians, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
  readonly errors: number;
  readonly memory?: Memory;
}

/** The resident size of a resident in bytes, each time read at the end of a load. */
export interface Memory {
  readonly first: number;
  readonly last: number;
  readonly most: number;
}

/** A race of servers that are loaded by turns, each alone. */
export function servedRace(contestants: readonly ServedContestant[]) {
  const rows = contestants.map((contestant) => ({
    contestant,
    runs: [] as Run[],
    sizes: contestant.isResident ? sizesOf(contestant) : undefined,
  }));
  const byTurns = async (load: (row: (typeof rows)[number]) => void) => {
    for (const row of rows) {
      load(row);
      row.sizes?.read();
      await quiet(row.contestant);
    }
  };
  const look = () => byTurns(({ contestant }) => verify(contestant));
  return {
    warmUp: look,
    round: () => byTurns(({ contestant, runs }) => runs.push(wrk(contestant.url))),
    /** Looks into the bodies once more, and draws up the results. */
    async finish(): Promise<readonly ServedResult[]> {
      await look();
      return rows.map(({ contestant, runs, sizes }) => ({
        ...summary(contestant.name, runs),
        ...(sizes && { memory: sizes.memory() }),
      }));
    },
  };
}

function summary(name: string, runs: readonly Run[]): ServedResult {
  const all = (key: keyof Run) => runs.map((run) => run[key]);
  const sum = (key: keyof Run) => all(key).reduce((a, b) => a + b, 0);
  return {
    name,
    perSecond: spread(all('perSecond')),
    p50: median(all('p50')),
    p99: median(all('p99')),
    requests: sum('requests'),
    errors: sum('errors'),
  };
}

/** Waits until xinetd has served what the load left in its queue: the next turn is another's. */
async function quiet({ name, pid, isResident }: ServedContestant): Promise<void> {
  let since = Date.now();
  await until(`${name} is quiet`, async () => {
    if (children(pid).length > (isResident ? 1 : 0)) since = Date.now();
    return Date.now() - since > 200;
  });
}

/** Reads the size of a resident, which must stay one process from the first time to the last. */
function sizesOf({ name, pid }: ServedContestant) {
  let resident: number | undefined;
  const sizes: number[] = [];
  return {
    read() {
      const [child] = children(pid);
      resident ??= child;
      if (child === undefined || child !== resident) throw new Error(`${name} has ended`);
      const status = readFileSync(`/proc/${child}/status`, 'utf8');
      sizes.push(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024);
    },
    memory(): Memory {
      const [first = Number.NaN] = sizes;
      return { first, last: sizes.at(-1) ?? first, most: Math.max(...sizes) };
    },
  };
}

function children(pid: number): readonly number[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return pids === '' ? [] : pids.split(' ').map(Number);
}
