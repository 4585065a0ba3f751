import { readFileSync, writeFileSync } from 'node:fs';
import type { CleanUp } from '../../test/support/clean-up.ts';
import { type Program, until } from '../../test/support/programs.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../../test/support/rbldnsd.ts';
import { descriptors, startResident } from '../../test/support/resident.ts';
import { executables } from './contestants.ts';
import { requirePrograms } from './requirements.ts';
import { served } from './served-contestants.ts';
import { type Counts, type SoakRow, soakTable, withSoak } from './soak-page.ts';
import { wrkChecked } from './wrk.ts';

const page = 'docs/bench.md';
const usual = 1_000_000;

/** When it is measured, as parts of all answers. */
const measuredAt = [0.1, 0.5, 1];
const clients = 32;
const zone = 'good.example';
const expected = 'RBL is running.';

/** `npm run soak -- 20000` for fewer; then docs/bench.md stays as it is. */
async function main([argument = String(usual)]: readonly string[]): Promise<void> {
  const answers = /^[1-9]\d*$/.test(argument) ? Number(argument) : Number.NaN;
  if (Number.isNaN(answers)) throw new Error(`COUNT '${argument}' is no number of answers`);
  requirePrograms(['rbldnsd', 'wrk']);
  delete process.env.NODE_EXTRA_CA_CERTS;
  // As in the shipped services.
  process.env.BUN_JSC_useDFGJIT = '0';
  const rows: SoakRow[] = [];
  for (const { kind, path } of executables) {
    rows.push(
      ...(await withCleanUp((cleanUp) => soak(cleanUp, served.resident(kind), path, answers))),
    );
  }
  console.log(soakTable(rows));
  if (answers < usual) return console.log(`${page} is written after ${usual} answers or more.`);
  writeFileSync(page, withSoak(readFileSync(page, 'utf8'), rows, clients));
}

async function withCleanUp<Result>(run: (cleanUp: CleanUp) => Promise<Result>): Promise<Result> {
  const steps: (() => void | Promise<void>)[] = [];
  try {
    return await run((undo) => steps.push(undo));
  } finally {
    for (const undo of steps.reverse()) await undo();
  }
}

/** Loads one executable until it has given so many answers. */
async function soak(
  cleanUp: CleanUp,
  name: string,
  executable: string,
  answers: number,
): Promise<readonly SoakRow[]> {
  const list = await startRbldnsd(cleanUp, { [zone]: zoneFiles.good });
  const check = ['rbl', '127.0.0.1', String(list.port), '--zone', zone];
  const resident = await startResident(cleanUp, check, [], executable);
  const url = `http://127.0.0.1:${resident.port}/`;
  await until(`${name} answers`, async () => (await (await fetch(url)).text()).includes(expected));
  const before = await countsOf(list);
  const measure = async (made: Answers): Promise<SoakRow> => {
    const usage = await usageOf(resident);
    const { questions, runs } = await countsOf(list);
    const counts = { questions: questions - before.questions, runs: runs - before.runs };
    return { name, ...made, ...counts, ...usage };
  };
  let made = { answers: 0, errors: 0 };
  const rows = [await measure(made)];
  for (const part of measuredAt) {
    while (made.answers < answers * part) {
      made = loadFor(url, answers * part - made.answers, made);
      console.error(`${name}: ${made.answers} of ${answers} answers, ${made.errors} errors`);
      if (resident.hasEnded()) throw new Error(`${name} has ended: ${resident.output()}`);
    }
    rows.push(await measure(made));
  }
  return rows;
}

type Answers = Pick<SoakRow, 'answers' | 'errors'>;

/** Loads for about as long as the missing answers take, in which nobody is faster than 5000 a second. */
function loadFor(url: string, missing: number, { answers, errors }: Answers): Answers {
  const seconds = Math.min(Math.max(Math.round(missing / 5000), 1), 20);
  const load = wrkChecked({ url, expected }, { connections: clients, seconds });
  return { answers: answers + load.requests, errors: errors + load.errors };
}

/** Asks rbldnsd for its statistics, by SIGUSR1. */
async function countsOf({ pid, output }: Rbldnsd): Promise<Counts> {
  const pattern = / stats for \d+secs?: tot=(\d+) ok=(\d+) nxd=(\d+) /g;
  const told = () => [...output().matchAll(pattern)].map((match) => match.map(Number));
  const before = told().length;
  process.kill(pid, 'SIGUSR1');
  await until('rbldnsd tells its statistics', async () => told().length > before);
  const [, questions = 0, found = 0, notFound = 0] = told().at(-1) ?? [];
  return { questions, runs: Math.min(found, notFound) };
}

/** What a resident holds when it is quiet: the number of its descriptors has not changed for a second. */
async function usageOf({ pid }: Program): Promise<Pick<SoakRow, 'memory' | 'descriptors'>> {
  let [count, since] = [descriptors(pid), Date.now()];
  await until('the connections are closed', async () => {
    const now = descriptors(pid);
    if (now !== count) [count, since] = [now, Date.now()];
    return Date.now() - since > 1000;
  });
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    memory: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024,
    descriptors: count,
  };
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
