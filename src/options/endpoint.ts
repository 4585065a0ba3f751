import { isHost } from '../net/host-names.ts';
import { isIPv6 } from '../net/ip-address.ts';

/** A host, and a port if one is given. */
export interface Endpoint {
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * Reads `HOST`, `HOST:PORT`, `[IPV6]:PORT`, `[IPV6]` or a bare IPv6 address (RFC 3986 section 3.2).
 * Undefined for anything else.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  if (isIPv6(text)) return { host: text, port: undefined };
  const [match, bracketed, plain = '', digits] =
    /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const isValid = bracketed === undefined ? isHost(host) : isIPv6(host);
  const port = digits === undefined ? undefined : Number(digits);
  if (match === undefined || !isValid || port === 0 || (port ?? 1) > 65535) return undefined;
  return { host, port };
}
