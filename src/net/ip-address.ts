// Not from node:net, which loads streams with it: 2 ms of each start under Bun.

/** An address family, by the version of IP. */
export type Family = 4 | 6;

/** The zone id behind an address (RFC 4007 section 11): the name of an interface, or its number. */
const zonePattern = /%[\w.:@+-]+$/;

/**
 * True for an IPv4 address in its text form: four decimal numbers without leading zeros. V8 takes longer
 * to compile a regular expression for it than for all others of a check.
 */
export function isIPv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => byte === String(Number(byte) & 255));
}

/** True for an IPv6 address (RFC 4291 section 2.2), a zone id included. */
export function isIPv6(text: string): boolean {
  return ipv6Groups(text) !== undefined;
}

/** The eight numbers of an IPv6 address; undefined for any other text. */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const halves = text.replace(zonePattern, '').split('::').map(groupsIn);
  const [head = [], tail] = halves;
  const missing = 8 - halves.flat().length;
  const isRight = tail === undefined ? missing === 0 : missing > 0;
  if (halves.length > 2 || !isRight) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...(tail ?? [])];
  // Only its end may be an IPv4 address, which the last half has taken apart by now.
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16));
}

function groupsIn(half: string, index: number, halves: readonly string[]): readonly string[] {
  const groups = half === '' ? [] : half.split(':');
  const last = groups.at(-1) ?? '';
  if (index < halves.length - 1 || !isIPv4(last)) return groups;
  const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
  return [...groups.slice(0, -1), (a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}

/** The IPv4 address in an IPv4-mapped one (RFC 4291 section 2.5.5.2); any other address as it is. */
export function withoutMapping(address: string): string {
  const [high = 0, low = 0] = ipv6Groups(address)?.slice(6) ?? [];
  const isMapped = ipv6Groups(address)?.slice(0, 6).join() === '0,0,0,0,0,65535';
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : address;
}

/** The family of an address. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

/** The zone id of an IPv6 address; undefined when it has none. */
export function zoneIdOf(address: string): string | undefined {
  return zonePattern.exec(address)?.[0].slice(1);
}
