import { unlessDrained } from '../check/drain.ts';
import type { Report } from '../check/outcome.ts';
import { type Check, run } from '../check/run.ts';
import { share } from '../check/share.ts';
import type { Family } from '../net/ip-address.ts';
import { resolveTarget } from '../net/resolve-target.ts';
import { type Endpoint, parseEndpoint } from '../options/endpoint.ts';
import type { Answer } from '../replies/reply.ts';
import { rejection } from './rejection.ts';

/** Asks a target that the client named, `HOST` or `HOST:PORT`. */
export type TargetedCheck = (target: string, limitSeconds?: number) => Promise<Answer>;

/** A check whose target a client names. */
export interface TargetTemplate {
  readonly name: string;
  readonly probe: string;
  /** The deadline, in seconds. */
  readonly timeout: number;
  /** What it asks, with `{target}` in the place of what the client names. */
  readonly target: string;
  readonly label: string | undefined;
  /** Which address of a target that is a name; undefined for the first. */
  readonly family: Family | undefined;
  /** While this file exists nothing is probed. */
  readonly drainFile: string | undefined;
  /** For how many seconds a report is given again. */
  readonly hold: number;
  /** Makes the check for one target, or tells what is wrong with it. */
  readonly aim: (target: Endpoint) => Check | { readonly mistake: string };
}

/**
 * Serves a check to clients that name the target. A target is asked only if its address is allowed: a
 * name is looked up first, its address is judged, and the probe asks that address. Clients that name the
 * same target at the same time share one run.
 */
export function serveTargets(
  template: TargetTemplate,
  isAllowed: (address: string) => boolean,
): TargetedCheck {
  const { name, family, drainFile, hold } = template;
  const getShared = shareByTarget(hold);

  return async (text, limitSeconds = Number.POSITIVE_INFINITY) => {
    const named = parseEndpoint(text);
    if (!named) {
      return rejection(403, `target '${text.slice(0, 100)}' is not HOST or HOST:PORT.`);
    }
    const allowed = Math.min(template.timeout, limitSeconds);
    const start = performance.now();
    const resolved = await resolveTarget(named.host, AbortSignal.timeout(allowed * 1000), family);
    const timeout = remaining(allowed, (performance.now() - start) / 1000);
    if (!('status' in resolved) && !isAllowed(resolved.address)) {
      return rejection(403, `target '${text}' is not covered by --allow-targets.`);
    }
    const host = 'status' in resolved ? named.host : resolved.address;
    const aimed = template.aim({ host, port: named.port });
    if ('mistake' in aimed) return rejection(400, aimed.mistake);
    const probe = 'status' in resolved ? async () => resolved : aimed.probe;
    const check = { ...aimed, probe, timeout, target: text };
    const key = JSON.stringify([named, host, timeout]);
    const ask = () => getShared(key, check);
    return { kind: 'report', report: { ...(await unlessDrained(drainFile, check, ask)()), name } };
  };
}

/**
 * What a look-up has left of a deadline, in seconds. A short one takes nothing away, so that the clients of
 * one target have the same deadline, and can share its runs.
 */
function remaining(timeout: number, seconds: number): number {
  return seconds < timeout / 10 ? timeout : Math.max(0.05, timeout - seconds);
}

/** How many targets are remembered, at most: clients choose them. */
const maxTargets = 1000;

interface SharedTarget {
  readonly ask: () => Promise<Report>;
  /** How many clients wait for it now. */
  clients: number;
  forgetting?: NodeJS.Timeout;
}

/** Lets clients of the same target share its runs, and its report for `hold` seconds. */
function shareByTarget(hold: number) {
  const targets = new Map<string, SharedTarget>();

  const leave = (key: string, entry: SharedTarget) => {
    entry.clients -= 1;
    const forget = () => {
      if (entry.clients === 0 && targets.get(key) === entry) targets.delete(key);
    };
    if (hold === 0 || targets.size > maxTargets) return forget();
    clearTimeout(entry.forgetting);
    entry.forgetting = setTimeout(forget, hold * 1000).unref();
    return undefined;
  };

  return async (key: string, check: Check): Promise<Report> => {
    const ask = () => share(() => run(check), hold, check.timeout);
    const entry = targets.get(key) ?? { ask: ask(), clients: 0 };
    targets.set(key, entry);
    entry.clients += 1;
    try {
      return await entry.ask();
    } finally {
      leave(key, entry);
    }
  };
}
