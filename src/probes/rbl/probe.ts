import { graver, type Outcome } from '../../check/outcome.ts';
import { withServer } from '../../net/dns/index.ts';
import { endpoint } from '../../net/host-names.ts';
import type { Family } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import { checkZone, type ZoneQuestions } from './zone.ts';

/** One check of one list server: all zones must pass. */
export interface RblCheck extends ZoneQuestions {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family?: Family | undefined;
  readonly port: number;
  readonly zones: readonly string[];
  readonly tcp: boolean;
  /** A question is sent once more after so many seconds of silence. */
  readonly resendAfter: number;
}

/** Asks the list server itself, at one address, all questions of all zones at the same time. */
export async function probeRbl(check: RblCheck, signal: AbortSignal): Promise<Outcome> {
  const { host, port, zones, tcp, resendAfter } = check;
  const resolved = await resolveTarget(host, signal, check.family);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  const asked = endpoint(address, port);
  const outcomes = await withServer({ address, port, tcp }, resendAfter, signal, (ask) =>
    Promise.all(zones.map((zone) => checkZone(ask, zone, check, asked))),
  );
  const { facts = [], ...combined } = combine(zones, outcomes);
  return { ...combined, facts: [lookupTime, ...facts] };
}

/** The gravest status; a summary that names the zones that do not pass, or all when all pass. */
export function combine(zones: readonly string[], outcomes: readonly Outcome[]): Outcome {
  const status = outcomes.map((outcome) => outcome.status).reduce(graver, 'ok');
  const metrics = outcomes.flatMap((outcome) => outcome.metrics ?? []);
  const facts = outcomes.flatMap((outcome) => outcome.facts ?? []);
  const zonesBySummary = new Map<string, string[]>();
  outcomes.forEach((outcome, index) => {
    if (status !== 'ok' && outcome.status === 'ok') return;
    const named = zonesBySummary.get(outcome.summary) ?? [];
    zonesBySummary.set(outcome.summary, [...named, zones[index] ?? '']);
  });
  const sentences = [...zonesBySummary].map(
    ([summary, named]) => `${named.join(', ')}: ${summary}`,
  );
  const failed = outcomes.filter((outcome) => outcome.status !== 'ok').length;
  const count = failed > 0 && zones.length > 1 ? `${failed} of ${zones.length} zones failed: ` : '';
  return {
    status,
    summary: count + sentences.join('; '),
    ...(metrics.length > 0 && { metrics }),
    ...(facts.length > 0 && { facts }),
  };
}
