import { combine } from '../check/combine.ts';
import { cutText } from '../check/cut-text.ts';
import type { Report } from '../check/outcome.ts';
import type { Answer, RequestedChecks } from '../replies/reply.ts';
import type { TargetedCheck } from './probe-target.ts';
import { rejection } from './rejection.ts';
import type { GetReport } from './served-check.ts';

/** The checks that are served together, by their names. */
export interface ServedChecks {
  readonly checks: ReadonlyMap<string, GetReport>;
  /** Checks whose line holds `{target}`: only a request for /probe asks them. */
  readonly targeted: ReadonlyMap<string, TargetedCheck>;
}

/** How many checks are run at the same time for one request. */
const maxAtOnce = 100;

/** How many names an answer lists. */
const maxListed = 100;

/**
 * Answers a request by its path: `/` and `/metrics` ask all checks, `/NAME` one, and
 * `/probe?check=NAME&target=HOST:PORT` one for a target of the client's choice.
 */
export async function answerFromMany(
  served: ServedChecks,
  { path, limitSeconds }: RequestedChecks,
): Promise<Answer> {
  const url = readPath(path);
  if (url === undefined) return rejection(400, 'This path cannot be read.');
  const name = decode(url.pathname.replace(/^\/|\/$/g, ''));
  if (name === '' || name === '*' || name === 'metrics') {
    const reports = await askAll([...served.checks.values()], limitSeconds);
    return { kind: 'report', report: combine(reports) };
  }
  if (name === 'probe') return answerProbe(served, url.searchParams, limitSeconds);
  const getReport = served.checks.get(name);
  if (getReport) return { kind: 'report', report: await getReport(limitSeconds) };
  if (served.targeted.has(name)) {
    return rejection(400, `${name} needs a target: /probe?check=${name}&target=HOST:PORT`);
  }
  return rejection(404, noSuchCheck(name, served));
}

/**
 * Runs all of them at once, but not more than `maxAtOnce`: descriptors and processes must be left for
 * everything else.
 */
async function askAll(
  checks: readonly GetReport[],
  limitSeconds: number | undefined,
): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const waiting = checks.entries();
  const askNext = async () => {
    for (const [index, getReport] of waiting) reports[index] = await getReport(limitSeconds);
  };
  await Promise.all(Array.from({ length: maxAtOnce }, askNext));
  return reports;
}

async function answerProbe(
  served: ServedChecks,
  query: URLSearchParams,
  limitSeconds: number | undefined,
): Promise<Answer> {
  const [name, ...otherNames] = query.getAll('check');
  const [target, ...otherTargets] = query.getAll('target');
  if (name === undefined || otherNames.length > 0) {
    return rejection(400, 'One check must be named: /probe?check=NAME&target=HOST:PORT');
  }
  if (otherTargets.length > 0) return rejection(400, 'Only one target can be asked.');
  const targeted = served.targeted.get(name);
  if (targeted) {
    if (target === undefined) {
      return rejection(400, `${name} needs a target: /probe?check=${name}&target=HOST:PORT`);
    }
    return targeted(target, limitSeconds);
  }
  const getReport = served.checks.get(name);
  if (!getReport) return rejection(404, noSuchCheck(name, served));
  if (target !== undefined) {
    return rejection(400, `${name} takes no target: its line in the file does not hold {target}.`);
  }
  return { kind: 'report', report: await getReport(limitSeconds) };
}

/** The path of a request target (RFC 9112 section 3.2): absolute form or origin form. */
function readPath(text: string): URL | undefined {
  try {
    return new URL(/^[a-z]+:\/\//i.test(text) ? text : `http://lbcheck/${text.replace(/^\//, '')}`);
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function noSuchCheck(name: string, { checks, targeted }: ServedChecks): string {
  const names = [...checks.keys(), ...targeted.keys()];
  const rest = names.length - maxListed;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `There is no check '${cutText(name, 100)}'. There is: ${names.slice(0, maxListed).join(', ')}${more}.`;
}
