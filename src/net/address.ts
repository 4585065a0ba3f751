import { critical, type Outcome, unknown } from '../outcome.ts';
import { resolve } from './resolve.ts';

/** The one address that a probe asks for a host, or the outcome when there is none. */
export async function addressOf(host: string, signal: AbortSignal): Promise<string | Outcome> {
  const resolution = await resolve(host, signal);
  switch (resolution.kind) {
    case 'address':
      return resolution.address;
    case 'no-address':
      return critical(`${host} does not resolve to an address`);
    case 'silence':
      return critical(`${host} did not resolve to an address in time`);
    case 'failed':
      return unknown(resolution.reason);
  }
}
