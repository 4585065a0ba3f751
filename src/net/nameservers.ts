import { Resolver } from 'node:dns';
import { readFileSync } from 'node:fs';
import type { AbortSignalLike } from '../system/abort.ts';
import type { Family } from './ip-address.ts';
import type { Resolution } from './resolve.ts';

/**
 * Asks the nameservers of resolv.conf(5) by the runtime's own resolver, where there is no getent. Its
 * questions can be cancelled, which those of getaddrinfo cannot. IPv4 first, unless IPv6 is wanted.
 */
export async function askNameservers(
  host: string,
  signal: AbortSignalLike,
  family?: Family,
): Promise<Resolution> {
  const resolver = new Resolver();
  const aborted = new Promise<'aborted'>((settle) => {
    if (signal.aborted) settle('aborted');
    signal.addEventListener('abort', () => settle('aborted'), { once: true });
  });
  try {
    for (const name of namesToTry(host, readResolvConf())) {
      for (const version of family ? [family] : ([4, 6] as const)) {
        const answer = await Promise.race([ask(resolver, name, version), aborted]);
        if (answer === 'aborted') return { kind: 'silence' };
        if (answer !== undefined) return { kind: 'address', address: answer };
      }
    }
    return { kind: 'no-address' };
  } finally {
    resolver.cancel();
  }
}

function ask(resolver: Resolver, name: string, version: Family): Promise<string | undefined> {
  return new Promise((settle) => {
    const done = (_error: Error | null, addresses?: readonly string[]) => settle(addresses?.[0]);
    if (version === 4) resolver.resolve4(name, done);
    else resolver.resolve6(name, done);
  });
}

function readResolvConf(): string {
  try {
    return readFileSync('/etc/resolv.conf', 'utf8');
  } catch {
    return '';
  }
}

/** The names that stand for a host, in their order: `search` and `ndots` of resolv.conf(5). */
export function namesToTry(host: string, resolvConf: string): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const lines = [...resolvConf.matchAll(/^\s*(?:search|domain)\s+(.*)$/gm)];
  const domains = (lines.at(-1)?.[1] ?? '').split(/\s+/).filter((domain) => /\w/.test(domain));
  const searched = domains.map((domain) => `${host}.${domain.replace(/\.$/, '')}`);
  const ndots = Number(/^\s*options\s.*\bndots:(\d+)/m.exec(resolvConf)?.[1] ?? 1);
  const hasEnough = host.split('.').length - 1 >= ndots;
  return hasEnough ? [host, ...searched] : [...searched, host];
}
