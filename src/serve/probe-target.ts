import type { Report } from '../check/outcome.ts';
import { type Check, run } from '../check/run.ts';
import { share } from '../check/share.ts';
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
  const running = new Map<string, () => Promise<Report>>();

  return async (text, limitSeconds = Number.POSITIVE_INFINITY) => {
    const named = parseEndpoint(text);
    if (!named) {
      return rejection(403, `target '${text.slice(0, 100)}' is not HOST or HOST:PORT.`);
    }
    const timeout = Math.min(template.timeout, limitSeconds);
    const resolved = await resolveTarget(named.host, AbortSignal.timeout(timeout * 1000));
    if (!('status' in resolved) && !isAllowed(resolved.address)) {
      return rejection(403, `target '${text}' is not covered by --allow-targets.`);
    }
    const host = 'status' in resolved ? named.host : resolved.address;
    const aimed = template.aim({ host, port: named.port });
    if ('mistake' in aimed) return rejection(400, aimed.mistake);
    const probe = 'status' in resolved ? async () => resolved : aimed.probe;
    const key = JSON.stringify([named, host, timeout]);
    const check = { ...aimed, probe, timeout, target: text };
    const shared = running.get(key) ?? share(() => run(check), 0, timeout);
    running.set(key, shared);
    try {
      return { kind: 'report', report: { ...(await shared()), name: template.name } };
    } finally {
      if (running.get(key) === shared) running.delete(key);
    }
  };
}
