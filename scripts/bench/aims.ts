import { executables, type Kind, peers } from './contestants.ts';
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
const maxMemory = 70e6;

export function aims(results: Results): readonly Aim[] {
  const time = (name: string) => results.process(name).milliseconds.median;
  const atMost = (limit: number, name: string, peer: string): Aim => {
    const ratio = time(name) / time(peer);
    const promise = `${name}: at most ${limit} of the time of ${peer}`;
    return { promise, measured: ratio.toFixed(2), isMet: ratio <= limit };
  };
  return [
    atMost(0.5, 'lbcheck rbl (native)', peers.shell),
    atMost(1.6, 'lbcheck rbl (Node)', peers.node),
    ...executables.flatMap(({ kind }) => residentAims(results, kind)),
  ];
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
    atLeast(2.5, peers.blackbox),
    atLeast(2.5, peers.floor),
    {
      promise: `${name}: no client sees an error`,
      measured: `${resident.errors} of ${resident.requests}`,
      isMet: resident.errors === 0,
    },
    ...memoryAims(resident),
  ];
}

function memoryAims({ name, memory }: ServedResult): readonly Aim[] {
  if (!memory) throw new Error(`the memory of ${name} was not measured`);
  const growth = memory.last / memory.first;
  return [
    {
      promise: `${name}: memory flat, at the end at most ${percent(maxGrowth)} above the warm-up`,
      measured: percent(growth),
      isMet: growth <= maxGrowth,
    },
    {
      promise: `${name}: at most ${maxMemory / 1e6} MB after every round`,
      measured: `${(memory.most / 1e6).toFixed(1)} MB`,
      isMet: memory.most <= maxMemory,
    },
  ];
}

const percent = (factor: number) => `${((factor - 1) * 100).toFixed(1)} %`;
