import { isIPv4, isIPv6 } from './ip-address.ts';

/** What `isHost` takes, for error messages. */
export const hostSyntax = 'one IPv4 or IPv6 address without brackets, or one host name';

/** What `isDomainName` takes, for error messages. */
export const domainNameSyntax =
  'a domain name: labels of 1 to 63 letters, digits, - and _, joined by dots, 253 characters at most, the last label with a letter in it';

/**
 * True for a domain name in its text form (RFC 1035 section 2.3.1, with the digits of RFC 1123 and
 * the underscore of everyday use). A last label without a letter, or in hexadecimal, is refused, since
 * programs read such names as addresses or ranges: `10.1`, `010.0.0.1`, `10.0.0.1-5`, `0x7f.0x1`.
 */
export function isDomainName(text: string): boolean {
  const name = text.replace(/\.$/, '');
  const labels = name.split('.');
  return (
    name.length <= 253 &&
    // Without the flag i, for which V8 loads tables of all scripts.
    labels.every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label)) &&
    /^(?!0[xX][0-9A-Fa-f]*$).*[A-Za-z]/.test(labels.at(-1) ?? '')
  );
}

/** True for a literal IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

/** True for one address or one host name, and for nothing a program may read as more than that. */
export function isHost(text: string): boolean {
  return isAddress(text) || isDomainName(text);
}

/** `192.0.2.1:53`, `[2001:db8::1]:53` (RFC 3986 section 3.2.2), `name:53`. */
export function endpoint(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
