// Not from node:net, which loads streams with it: 2 ms of each start under Bun.

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const dotted = new RegExp(`^${byte}(?:\\.${byte}){3}$`);

/** True for an IPv4 address in its text form: four decimal numbers without leading zeros. */
export function isIPv4(text: string): boolean {
  return dotted.test(text);
}

/** True for an IPv6 address (RFC 4291 section 2.2), a zone id included (RFC 4007 section 11). */
export function isIPv6(text: string): boolean {
  const address = text.replace(/%[0-9A-Za-z.:-]+$/, '');
  const halves = address.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const isWhole = halves.length === 1;
  // Only its end may be an IPv4 address, which stands for two groups.
  const last = address.endsWith(':') ? undefined : groups.at(-1);
  const hasDots = last !== undefined && isIPv4(last);
  if (hasDots) groups.splice(-1, 1, '0', '0');
  return (
    halves.length <= 2 &&
    groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) &&
    (isWhole ? groups.length === 8 : groups.length < 8)
  );
}
