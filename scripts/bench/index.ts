import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { executables, peers, startList } from './contestants.ts';
import { crowdRace } from './crowd-race.ts';
import { manyContestants, metricsRatios } from './many-contestants.ts';
import { rblContestants, synContestants, tlsContestants } from './process-contestants.ts';
import { processRace } from './process-race.ts';
import { drawing, report, tables } from './report.ts';
import { requirePrograms } from './requirements.ts';
import { type Results, resultsOf } from './results.ts';
import { servedContestants, served as servedNames } from './served-contestants.ts';
import { servedRace } from './served-race.ts';
import { keepSoak } from './soak-page.ts';
import { median } from './statistics.ts';

/** `npm run bench -- 3` for fewer. */
const rounds = Number(process.argv[2] ?? 7);

const page = 'docs/bench.md';

/** Which servers are loaded by few and by many clients. */
const stands = [
  ...executables.map(({ kind }) => servedNames.resident(kind)),
  ...[peers.blackbox],
] as readonly string[];

/** Where Debian has programs and monitoring plugins. */
const directories = [
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/sbin',
  '/sbin',
  '/usr/lib/nagios/plugins',
];

async function bench(): Promise<void> {
  // Node would read that file at each start.
  delete process.env.NODE_EXTRA_CA_CERTS;
  // The PATH of npm has a dozen more directories, which would be searched at each start.
  process.env.PATH = [dirname(process.execPath), ...directories].join(':');
  requirePrograms();
  const results = await measure();
  console.log(tables(results));
  mkdirSync('docs', { recursive: true });
  const earlier = existsSync(page) ? readFileSync(page, 'utf8') : '';
  writeFileSync(page, keepSoak(report(results, rounds), earlier));
  writeFileSync('docs/bench.svg', drawing(results));
}

/** Starts the servers, runs all contestants in turns, and leaves nothing running. */
async function measure(): Promise<Results> {
  const steps: (() => void | Promise<void>)[] = [];
  const cleanUp = (undo: () => void | Promise<void>) => steps.push(undo);
  try {
    const list = await startList(cleanUp);
    const rbl = processRace(await rblContestants(cleanUp, list));
    const tls = processRace(await tlsContestants(cleanUp));
    const syn = processRace(await synContestants(cleanUp));
    const contestants = await servedContestants(cleanUp, list);
    const served = servedRace(contestants);
    const manyServers = await manyContestants(cleanUp, list);
    const many = servedRace(manyServers);
    const crowd = crowdRace(contestants.filter(({ name }) => stands.includes(name)));
    const races = [rbl, tls, syn, served, many, crowd];
    for (const race of races) await race.warmUp();
    for (let round = 1; round <= rounds; round += 1) {
      console.error(`round ${round} of ${rounds}`);
      for (const race of races) await race.round();
    }
    const servers = await served.finish();
    const ratios: Record<string, number> = {};
    for (const server of manyServers.filter(({ name }) => name.includes(' 100 '))) {
      ratios[server.name] = median(await metricsRatios(server));
    }
    return resultsOf({
      processes: { rbl: rbl.results(), tls: tls.results(), syn: syn.results() },
      ...{ servers, many: await many.finish(), metricsRatios: ratios, crowds: crowd.results() },
    });
  } finally {
    for (const undo of steps.reverse()) await undo();
  }
}

bench().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
