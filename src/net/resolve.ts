import type { AbortSignalLike } from '../system/abort.ts';
import { isAddress } from './host-names.ts';
import { addressesIn, readHostsFile } from './hosts-file.ts';
import { type Family, withoutMapping } from './ip-address.ts';

/** One address for a name; or why there is none. */
export type Resolution =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'no-address' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Looks a host name up, once, to one address: that of /etc/hosts, else the first of the system's
 * resolver. If /etc/hosts has several, the system says which one is the best (RFC 6724). The family
 * is for names: an address is returned as it is, and an IPv4-mapped one as its IPv4 address.
 */
export async function resolve(
  host: string,
  signal: AbortSignalLike,
  family?: Family,
): Promise<Resolution> {
  if (host.includes('%')) return withZone(host);
  if (isAddress(host)) return { kind: 'address', address: withoutMapping(host) };
  const [address, another] = addressesIn(readHostsFile(), host, family);
  if (address !== undefined && another === undefined) return { kind: 'address', address };
  // Of a name in the file, the system does not know the form with a dot at its end.
  const name = address === undefined ? host : host.replace(/\.$/, '');
  const resolution = await askSystem(name, signal, family);
  if (resolution.kind === 'silence' || resolution.kind === 'address') return resolution;
  return address === undefined ? resolution : { kind: 'address', address };
}

async function withZone(address: string): Promise<Resolution> {
  const { withInterfaceName } = await import('./zone-id.ts');
  return { kind: 'address', address: withInterfaceName(withoutMapping(address)) };
}

/** Late imports, since node:child_process and node:dns take time to load. */
async function askSystem(
  host: string,
  signal: AbortSignalLike,
  family?: Family,
): Promise<Resolution> {
  const resolution = await (await import('./getent.ts')).askGetent(host, signal, family);
  if (resolution.kind !== 'missing') return resolution;
  return (await import('./nameservers.ts')).askNameservers(host, signal, family);
}
