import { graver, type Outcome } from '../../check/outcome.ts';

/** With more names, or more characters of names, than these, the reason stands before the names. */
const few = { names: 8, characters: 300 };

/** The most different reasons that a summary gives. */
const maxSentences = 8;

/**
 * The gravest status of all zones; a summary that names those that do not pass, or all when all pass.
 * The reason of many zones comes before their names, and the gravest reason first.
 */
export function combine(zones: readonly string[], outcomes: readonly Outcome[]): Outcome {
  const status = outcomes.map((outcome) => outcome.status).reduce(graver, 'ok');
  const metrics = outcomes.flatMap((outcome) => outcome.metrics ?? []);
  const facts = outcomes.flatMap((outcome) => outcome.facts ?? []);
  const failed = outcomes.filter((outcome) => outcome.status !== 'ok').length;
  const count = failed > 0 && zones.length > 1 ? `${failed} of ${zones.length} zones failed: ` : '';
  return {
    status,
    summary: count + sentences(zones, outcomes, status).join('; '),
    ...(metrics.length > 0 && { metrics }),
    ...(facts.length > 0 && { facts }),
  };
}

function sentences(
  zones: readonly string[],
  outcomes: readonly Outcome[],
  status: Outcome['status'],
): readonly string[] {
  const isGravest = (outcome: Outcome) => outcome.status === status;
  const said = outcomes
    .map((outcome, index) => ({ outcome, zone: zones[index] ?? '' }))
    .filter(({ outcome }) => status === 'ok' || outcome.status !== 'ok')
    .sort((a, b) => Number(isGravest(b.outcome)) - Number(isGravest(a.outcome)));
  const zonesBySummary = new Map<string, string[]>();
  for (const { outcome, zone } of said) {
    const named = zonesBySummary.get(outcome.summary) ?? [];
    zonesBySummary.set(outcome.summary, [...named, zone]);
  }
  const groups = [...zonesBySummary];
  const rest = groups.slice(maxSentences).flatMap(([, named]) => named).length;
  const shown = groups.slice(0, maxSentences).map(([summary, named]) => sentence(summary, named));
  return rest > 0 ? [...shown, `and ${rest} more zones`] : shown;
}

function sentence(summary: string, zones: readonly string[]): string {
  const shown = fitting(zones);
  const names = shown.join(', ');
  const rest = zones.length - shown.length;
  return rest > 0 ? `${summary}: ${names} and ${rest} more` : `${names}: ${summary}`;
}

/** As many names as are few; at least one. */
function fitting(zones: readonly string[]): readonly string[] {
  let characters = 0;
  const end = zones.slice(0, few.names).findIndex((zone) => {
    characters += zone.length;
    return characters > few.characters;
  });
  return zones.slice(0, end < 0 ? few.names : Math.max(1, end));
}
