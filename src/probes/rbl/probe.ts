import type { Outcome } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { withServer } from '../../net/dns/index.ts';
import { type Primary, withPrimary } from '../../net/dns/primary.ts';
import { endpoint } from '../../net/host-names.ts';
import type { Family } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
import { combine } from './combine.ts';
import { checkZone, type ZoneQuestions } from './zone.ts';

/** One check of one list server: all zones must pass. */
export interface RblCheck extends ZoneQuestions {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family?: Family | undefined;
  readonly port: number;
  readonly zones: readonly string[];
  /** TCP at once. */
  readonly isTcp: boolean;
  /** Whether a resolver is asked to look further. */
  readonly isRecursive: boolean;
  /** The server whose serials are compared with; undefined for none. */
  readonly primary?: Primary | undefined;
  /** How many questions a second may go out. */
  readonly maxRate?: number | undefined;
  /** A question is sent once more after so many seconds of silence. */
  readonly resendAfter: number;
}

/** Asks the list server itself, at one address, all questions of all zones at the same time. */
export async function probeRbl(
  check: RblCheck,
  signal: AbortSignalLike,
  trace?: Trace,
): Promise<Outcome> {
  const { host, family, port, zones, primary } = check;
  const { isTcp, isRecursive, resendAfter, maxRate } = check;
  const resolved = await resolveTarget(host, signal, family, trace);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  const asked = endpoint(address, port);
  const server = { address, port, isTcp, isRecursive, resendAfter, maxRate, trace };
  const outcomes = await withPrimary(primary, zones, server, signal, (serials) =>
    withServer(server, signal, (ask) =>
      Promise.all(
        zones.map((zone) => {
          const atPrimary = serials?.then((known) => known.get(zone));
          return checkZone(ask, zone, check, asked, atPrimary);
        }),
      ),
    ),
  );
  const { facts = [], ...combined } = combine(zones, outcomes);
  return { ...combined, facts: [lookupTime, ...facts] };
}
