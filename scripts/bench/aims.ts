import { executables, installedRbl, type Kind, peers, synBy } from './contestants.ts';
import { crowds as crowdSizes } from './crowd-race.ts';
import { manyName } from './many-contestants.ts';
import type { Results } from './results.ts';
import { served } from './served-contestants.ts';
import type { ServedResult } from './served-race.ts';

/** What is promised, what was measured, and whether the promise is met. */
export interface Aim {
  readonly promise: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** A resident grows if it is larger at the end by more than this factor. */
const maxGrowth = 1.05;
/** In bytes. */
const maxMemory: Readonly<Record<Kind, number>> = { native: 60e6, Node: 66e6 };
/** How many times the requests of blackbox_exporter a resident answers. */
const blackboxTimes: Readonly<Record<Kind, number>> = { native: 6, Node: 4.5 };

export function aims(results: Results): readonly Aim[] {
  const time = (name: string) => results.process(name).milliseconds.median;
  const atMost = (limit: number, name: string, peer: string): Aim => {
    const ratio = time(name) / time(peer);
    const promise = `${name}: at most ${limit} of the time of ${peer}`;
    return { promise, measured: ratio.toFixed(2), isMet: ratio <= limit };
  };
  return [
    atMost(0.4, 'lbcheck rbl (native)', peers.shell),
    atMost(1.5, installedRbl, peers.node),
    atMost(0.2, synBy.kernel('native'), peers.nmap),
    atMost(0.8, synBy.kernel('Node'), peers.nmap),
    ...executables.flatMap(({ kind }) => residentAims(results, kind)),
    ...executables.flatMap(({ kind }) => manyAims(results, kind)),
    ...executables.flatMap(({ kind }) => crowdAims(results, kind)),
  ];
}

function manyAims(results: Results, kind: Kind): readonly Aim[] {
  const name = manyName(kind, 100);
  const rate = (row: string) => results.served(row).perSecond.median;
  const memory = (row: string) => results.served(row).memory?.most ?? Number.NaN;
  const rateRatio = rate(name) / rate(served.resident(kind));
  const memoryRatio = memory(name) / memory(manyName(kind, 1));
  const metricsRatio = results.metricsRatios[name] ?? Number.NaN;
  return [
    {
      promise: `${name}: one of them at 0.95 of the rate of a resident of its own`,
      measured: rateRatio.toFixed(2),
      isMet: rateRatio >= 0.95,
    },
    {
      promise: `${name}: at most 1.3 times the memory of 1 check`,
      measured: memoryRatio.toFixed(2),
      isMet: memoryRatio <= 1.3,
    },
    {
      promise: `${name}: /metrics in at most twice the time of its slowest probe`,
      measured: metricsRatio.toFixed(2),
      isMet: metricsRatio <= 2,
    },
  ];
}

/** The slowest hundredth of the answers, with few and with many clients. */
function crowdAims({ crowds }: Results, kind: Kind): readonly Aim[] {
  const p99 = (name: string, clients: number) =>
    crowds.find((row) => row.name === name && row.clients === clients)?.p99 ?? Number.NaN;
  return crowdSizes.map((clients) => {
    const [ours, theirs] = [p99(served.resident(kind), clients), p99(peers.blackbox, clients)];
    return {
      promise: `${served.resident(kind)}: p99 below that of ${peers.blackbox} with ${clients} clients`,
      measured: `${ours.toFixed(2)} ms, ${theirs.toFixed(2)} ms`,
      isMet: ours < theirs,
    };
  });
}

function residentAims(results: Results, kind: Kind): readonly Aim[] {
  const name = served.resident(kind);
  const resident = results.served(name);
  const atLeast = (limit: number, peer: string): Aim => {
    const ratio = resident.perSecond.median / results.served(peer).perSecond.median;
    const promise = `${name}: at least ${limit} times the requests of ${peer}`;
    return { promise, measured: ratio.toFixed(1), isMet: ratio >= limit };
  };
  return [
    atLeast(60, peers.shell),
    atLeast(blackboxTimes[kind], peers.blackbox),
    atLeast(2.5, peers.floor),
    {
      promise: `${name}: no client sees an error`,
      measured: `${resident.errors} of ${resident.requests}`,
      isMet: resident.errors === 0,
    },
    ...memoryAims(resident, maxMemory[kind]),
  ];
}

function memoryAims({ name, memory }: ServedResult, limit: number): readonly Aim[] {
  if (!memory) throw new Error(`the memory of ${name} was not measured`);
  const growth = memory.last / memory.first;
  return [
    {
      promise: `${name}: memory flat, at the end at most ${percent(maxGrowth)} above the warm-up`,
      measured: percent(growth),
      isMet: growth <= maxGrowth,
    },
    {
      promise: `${name}: at most ${limit / 1e6} MB after every round`,
      measured: `${(memory.most / 1e6).toFixed(1)} MB`,
      isMet: memory.most <= limit,
    },
  ];
}

const percent = (factor: number) => `${((factor - 1) * 100).toFixed(1)} %`;
