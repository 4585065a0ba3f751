import { readFileSync } from 'node:fs';
import { until } from '../../test/support/programs.ts';
import { median, type Spread, spread } from './statistics.ts';
import { type Run, verify, wrk } from './wrk.ts';

/** A program that answers over HTTP, and a part of its expected body. */
export interface ServedContestant {
  readonly name: string;
  readonly url: string;
  readonly expected: string;
  /** The process that listens; for a resident, its xinetd. */
  readonly pid: number;
  /** True if one child of that process serves all clients. */
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

/** The memory (VmRSS) of a resident in bytes, always read at the end of a load. */
export interface Memory {
  readonly first: number;
  readonly last: number;
  readonly most: number;
}

/** A race of servers that are loaded in turns, one at a time. */
export function servedRace(contestants: readonly ServedContestant[]) {
  const rows = contestants.map((contestant) => ({
    contestant,
    runs: [] as Run[],
    sizes: contestant.isResident ? sizesOf(contestant) : undefined,
  }));
  const inTurns = async (load: (row: (typeof rows)[number]) => void) => {
    for (const row of rows) {
      load(row);
      row.sizes?.read();
      await quiet(row.contestant);
    }
  };
  const verifyAll = () => inTurns(({ contestant }) => verify(contestant));
  return {
    warmUp: verifyAll,
    round: () => inTurns(({ contestant, runs }) => runs.push(wrk(contestant.url))),
    /** Checks all bodies once more, and returns the results. */
    async finish(): Promise<readonly ServedResult[]> {
      await verifyAll();
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

/** Waits until xinetd has served the rest of the load's queue, before the next server takes its turn. */
async function quiet({ name, pid, isResident }: ServedContestant): Promise<void> {
  let since = Date.now();
  await until(`${name} is quiet`, async () => {
    if (children(pid).length > (isResident ? 1 : 0)) since = Date.now();
    return Date.now() - since > 200;
  });
}

/** Reads the memory of a resident, which must stay the same process from first to last. */
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
