import { answerWithOne, type ResidentService } from './answers.ts';
import type { Log } from './log.ts';
import { answerFromMany, type ServedChecks } from './many.ts';
import { serveTargets, type TargetTemplate } from './probe-target.ts';
import { type CheckToServe, type GetReport, serveCheck, titleOf } from './served-check.ts';

/** What a file of checks holds. */
export interface LoadedChecks {
  readonly checks: readonly (CheckToServe & Sourced)[];
  readonly templates: readonly (TargetTemplate & Sourced)[];
}

/** The line of the file. A check whose line did not change keeps its state at a reload. */
export interface Sourced {
  readonly name: string;
  readonly source: string;
}

/** A file of checks that was read; with a mistake anywhere in it there are no checks. */
export type LoadResult =
  | ({ readonly kind: 'loaded' } & LoadedChecks)
  /** A line for each mistake, with its place: `FILE:LINE:COLUMN: what is wrong`. */
  | { readonly kind: 'wrong'; readonly mistakes: readonly string[] };

/** What is served first: the checks of the file, or, if it is wrong, a check that says so. */
export type FirstChecks =
  | ({ readonly kind: 'loaded' } & LoadedChecks)
  | { readonly kind: 'failed'; readonly check: CheckToServe };

/** All mistakes as one sentence: the first in full, and how many more there are. */
export function summarizeMistakes([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return `${first}; and ${others.length} more ${others.length === 1 ? 'mistake' : 'mistakes'}`;
}

const noChecks: LoadedChecks = { checks: [], templates: [] };

/**
 * Serves the checks of a file, which `load` reads again at a reload. If it is wrong then, the checks stay
 * as they are. `isAllowed` judges the targets of /probe.
 */
export function serveChecks(
  first: FirstChecks,
  load: () => LoadResult,
  isAllowed: (address: string) => boolean,
  log: Log,
): Required<ResidentService> {
  let failed = first.kind === 'failed' ? answerWithOne(serveCheck(first.check, log)) : undefined;
  let loaded = first.kind === 'failed' ? noChecks : first;
  let served = build(loaded, new Map(), isAllowed, log);
  return {
    titles: titlesOf(first),
    getAnswer: (requested) => failed?.(requested) ?? answerFromMany(served.checks, requested),
    reload() {
      const result = load();
      if (result.kind === 'wrong') {
        const state = failed ? 'is still wrong' : 'is wrong, and the old checks stay';
        const message = `the file ${state}: ${summarizeMistakes(result.mistakes)}`;
        return log({ event: 'reload-failed', message, fields: { mistakes: result.mistakes } });
      }
      const changes = changesBetween(loaded, result);
      failed = undefined;
      loaded = result;
      served = build(result, served.bySource, isAllowed, log);
      return log({ event: 'reload', message: `reloaded: ${inWords(changes)}`, fields: changes });
    },
  };
}

function titlesOf(first: FirstChecks): readonly string[] {
  if (first.kind === 'failed') return [titleOf(first.check)];
  return [...first.checks, ...first.templates].map(({ name }) => name);
}

interface Built {
  readonly checks: ServedChecks;
  readonly bySource: ReadonlyMap<string, GetReport>;
}

function build(
  { checks, templates }: LoadedChecks,
  earlier: ReadonlyMap<string, GetReport>,
  isAllowed: (address: string) => boolean,
  log: Log,
): Built {
  const bySource = new Map<string, GetReport>();
  for (const check of checks) {
    const key = keyOf(check);
    bySource.set(key, earlier.get(key) ?? serveCheck(check, log));
  }
  const reports = checks.map((check) => [check.name, bySource.get(keyOf(check))] as const);
  return {
    bySource,
    checks: {
      checks: new Map(reports.filter((entry): entry is [string, GetReport] => !!entry[1])),
      targeted: new Map(
        templates.map((template) => [template.name, serveTargets(template, isAllowed)]),
      ),
    },
  };
}

const keyOf = ({ name, source }: Sourced) => `${name} ${source}`;

interface Changes extends Readonly<Record<string, number>> {
  readonly checks: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

function changesBetween(before: LoadedChecks, after: LoadedChecks): Changes {
  const sourcesOf = ({ checks, templates }: LoadedChecks) =>
    new Map([...checks, ...templates].map(({ name, source }) => [name, source]));
  const [old, now] = [sourcesOf(before), sourcesOf(after)];
  const names = [...now.keys()];
  return {
    checks: now.size,
    added: names.filter((name) => !old.has(name)).length,
    removed: [...old.keys()].filter((name) => !now.has(name)).length,
    changed: names.filter((name) => old.has(name) && old.get(name) !== now.get(name)).length,
  };
}

function inWords({ checks, added, removed, changed }: Changes): string {
  return `${checks} ${checks === 1 ? 'check' : 'checks'}, ${added} added, ${removed} removed, ${changed} changed`;
}
