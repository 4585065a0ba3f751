import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startList } from './contestants.ts';
import { rblContestants, synContestants, tlsContestants } from './process-contestants.ts';
import { processRace } from './process-race.ts';
import { drawing, report, tables } from './report.ts';
import { requirePrograms } from './requirements.ts';
import { type Results, resultsOf } from './results.ts';
import { servedContestants } from './served-contestants.ts';
import { servedRace } from './served-race.ts';

const rounds = 7;

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
  writeFileSync('docs/bench.md', report(results, rounds));
  writeFileSync('docs/bench.svg', drawing(results));
}

/** Starts the servers, runs all contestants in turns, and leaves nothing running. */
async function measure(): Promise<Results> {
  const steps: (() => void | Promise<void>)[] = [];
  const cleanUp = (undo: () => void | Promise<void>) => steps.push(undo);
  try {
    const list = await startList(cleanUp);
    const rbl = processRace(rblContestants(list));
    const tls = processRace(await tlsContestants(cleanUp));
    const syn = processRace(await synContestants(cleanUp));
    const served = servedRace(await servedContestants(cleanUp, list));
    const races = [rbl, tls, syn, served];
    for (const race of races) await race.warmUp();
    for (let round = 1; round <= rounds; round += 1) {
      console.error(`round ${round} of ${rounds}`);
      for (const race of races) await race.round();
    }
    const servers = await served.finish();
    return resultsOf({ rbl: rbl.results(), tls: tls.results(), syn: syn.results() }, servers);
  } finally {
    for (const undo of steps.reverse()) await undo();
  }
}

bench().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
