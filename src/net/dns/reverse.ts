import { ipv6Groups, isIPv4 } from '../ip-address.ts';

/**
 * An address as a name in reverse, without its tree: `2.0.0.127` for 127.0.0.2, and all 32 digits of an
 * IPv6 address (RFC 1035 section 3.5, RFC 3596 section 2.5, RFC 5782 sections 2.1 and 2.4).
 */
export function reversed(address: string): string {
  if (isIPv4(address)) return address.split('.').reverse().join('.');
  const groups = ipv6Groups(address) ?? [];
  const digits = groups.map((group) => group.toString(16).padStart(4, '0')).join('');
  return [...digits].reverse().join('.');
}

/** The name at which an address has its PTR record. */
export function pointerName(address: string): string {
  return `${reversed(address)}.${isIPv4(address) ? 'in-addr' : 'ip6'}.arpa`;
}
