import { InvalidArgumentError } from '../check/invalid-argument.ts';
import { isIPv4, isIPv6 } from '../net/ip-address.ts';

/** A network in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). */
export interface Network {
  readonly address: string;
  readonly prefixLength: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `192.0.2.0/24,2001:db8::/32`; a single address is a network of one. */
export function parseNetworks(text: string): readonly Network[] {
  return text.split(',').map(parseNetwork);
}

function parseNetwork(text: string): Network {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const bits = family === 'ipv4' ? 32 : 128;
  const prefixLength = Number(length ?? bits);
  const isValid = isIPv4(address) || (isIPv6(address) && !address.includes('%'));
  if (!isValid || prefixLength > bits) {
    throw new InvalidArgumentError(
      'Allowed are networks joined by commas, such as 192.0.2.0/24,2001:db8::/32 or 127.0.0.1.',
    );
  }
  return { address, prefixLength, family };
}
