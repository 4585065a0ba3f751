import { cutText } from './cut-text.ts';
import { stateOf } from './history.ts';
import { type DrainCode, graver, type Report, type Status, unknown } from './outcome.ts';

/** How many checks that are not ok the summary names; it counts the others. */
const maxNamed = 20;

/** Reports of several checks as one: the gravest status, and who is not ok. */
export function combine(parts: readonly Report[]): Report {
  const failing = parts.filter((part) => stateOf(part) !== 'ok');
  const isDraining = failing.length > 0 && failing.every(({ outcome }) => outcome.isDraining);
  const longest = Math.max(0, ...parts.map(({ time }) => time.value));
  return {
    probe: 'checks',
    target: '',
    startedAt: new Date(Math.min(Date.now(), ...parts.map(({ startedAt }) => Number(startedAt)))),
    time: {
      name: 'time',
      value: longest,
      unit: 's',
      help: 'Time of the slowest check',
      minimum: 0,
    },
    outcome:
      parts.length === 0
        ? nothingAsked
        : {
            status: parts.map(({ outcome }) => outcome.status).reduce(graver, 'ok' as Status),
            summary: summaryOf(parts.length, failing),
            ...(isDraining && { isDraining, drainCode: drainCodeOf(failing) }),
          },
    parts,
  };
}

/** 404 if every drained check has it: HAProxy then lets the sessions of the whole server finish. */
function drainCodeOf(drained: readonly Report[]): DrainCode {
  return drained.every(({ outcome }) => outcome.drainCode === 404) ? 404 : 503;
}

/** A file may hold lines with `{target}` alone. Nobody knows then whether anything works. */
const nothingAsked = unknown(
  'every check in the file needs a target: /probe?check=NAME&target=HOST:PORT',
);

function summaryOf(count: number, failing: readonly Report[]): string {
  if (failing.length === 0)
    return count === 1 ? 'the one check is ok' : `all ${count} checks are ok`;
  const named = failing
    .slice(0, maxNamed)
    .map((part) => `${part.name} ${stateOf(part)}: ${cutText(part.outcome.summary, 200)}`);
  const rest = failing.length - named.length;
  const more = rest > 0 ? `; and ${rest} more` : '';
  return `${failing.length} of ${count} ${count === 1 ? 'check is' : 'checks are'} not ok: ${named.join('; ')}${more}`;
}
