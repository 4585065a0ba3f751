import { critical, type Metric, type Outcome, unknown } from '../check/outcome.ts';
import type { Trace } from '../check/trace.ts';
import type { AbortSignalLike } from '../system/abort.ts';
import { isAddress } from './host-names.ts';
import type { Family } from './ip-address.ts';
import { type Resolution, resolve } from './resolve.ts';

/** The one address that a probe asks for a host. */
export interface ResolvedTarget {
  readonly address: string;
  /** How long the look-up took, in seconds; 0 for a host that is an address. */
  readonly lookupTime: Metric;
}

/**
 * Looks up the address of a host, of one family when the host is a name and a family is given; without
 * an address it returns the outcome that says so.
 */
export async function resolveTarget(
  host: string,
  signal: AbortSignalLike,
  family?: Family,
  trace?: Trace,
): Promise<ResolvedTarget | Outcome> {
  const start = process.hrtime.bigint();
  const resolution = await resolve(host, signal, family);
  if (!isAddress(host)) trace?.(1, () => `looked up ${host}: ${inWords(resolution)}`);
  switch (resolution.kind) {
    case 'address': {
      const { address } = resolution;
      const value = isAddress(host) ? 0 : Number(process.hrtime.bigint() - start) / 1e9;
      const help = 'Time of the look-up of the host name';
      return { address, lookupTime: { name: 'lookup_time', value, unit: 's', help } };
    }
    case 'no-address':
      return critical(`${host} does not resolve to an ${kindOf(family)}`);
    case 'silence':
      return critical(`${host} did not resolve to an ${kindOf(family)} in time`);
    case 'failed':
      return unknown(resolution.reason);
  }
}

function inWords(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'address':
      return resolution.address;
    case 'no-address':
      return 'it has no address';
    case 'silence':
      return 'no answer in time';
    case 'failed':
      return resolution.reason;
  }
}

const kindOf = (family?: Family) => (family ? `IPv${family} address` : 'address');
