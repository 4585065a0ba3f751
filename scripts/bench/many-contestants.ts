import { join } from 'node:path';
import type { CleanUp } from '../../test/support/clean-up.ts';
import { directory } from '../../test/support/programs.ts';
import { executables, type Kind, type List } from './contestants.ts';
import type { ServedContestant } from './served-race.ts';
import { startService } from './service.ts';

/** How many checks the files of `lbcheck serve` hold. */
export const checkCounts = [1, 10, 100] as const;

/** The name of a row: one process that serves so many checks. */
export const manyName = (kind: Kind, count: number) => `lbcheck serve, ${count} checks (${kind})`;

/** Starts `lbcheck serve` with files of checks; the load asks for one of them. */
export async function manyContestants(
  cleanUp: CleanUp,
  list: List,
): Promise<readonly ServedContestant[]> {
  const contestants: ServedContestant[] = [];
  for (const { kind, path } of executables) {
    for (const count of checkCounts) {
      const file = await checksFile(cleanUp, list, count);
      const args = ['serve', file, '--listen', 'inetd', '--idle-exit', '900', '--log', 'none'];
      const { pid, port } = await startService(cleanUp, path, args, true);
      const url = `http://127.0.0.1:${port}/list${count}`;
      const name = manyName(kind, count);
      contestants.push({ name, url, expected: 'RBL is running.', pid, isResident: true });
    }
  }
  return contestants;
}

async function checksFile(cleanUp: CleanUp, list: List, count: number): Promise<string> {
  const lines = Array.from(
    { length: count },
    (_unused, index) => `list${index + 1} rbl 127.0.0.1 ${list.port} --zone ${list.zone}\n`,
  );
  return join(await directory(cleanUp, { checks: lines.join('') }), 'checks');
}

/**
 * How long `/metrics` of all checks takes, as ratios to the slowest probe in the answer: one for each of
 * some requests, one after the other.
 */
export async function metricsRatios({ url }: ServedContestant): Promise<readonly number[]> {
  const ratios: number[] = [];
  for (let request = 0; request < 20; request += 1) {
    const start = performance.now();
    const text = await (await fetch(new URL('/metrics', url))).text();
    const took = (performance.now() - start) / 1000;
    const durations = [...text.matchAll(/^probe_duration_seconds\{.*\} (\S+)$/gm)];
    ratios.push(took / Math.max(...durations.map(([, seconds]) => Number(seconds))));
  }
  return ratios;
}
