import { InvalidArgumentError } from '../check/invalid-argument.ts';
import { isHost } from '../net/host-names.ts';
import { isIPv6 } from '../net/ip-address.ts';

/** Where a resident listens: on a socket that a superserver hands over, or on a port that it opens. */
export type ListenAddress =
  | { readonly kind: 'inetd' }
  | { readonly kind: 'systemd' }
  | { readonly kind: 'port'; readonly host: string | undefined; readonly port: number };

/** Reads a value of `--listen`. */
export function parseListenAddress(text: string): ListenAddress {
  if (text === 'inetd' || text === 'systemd') return { kind: text };
  const [, address, name, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const isValid = address === undefined ? name === '' || isHost(name ?? ':') : isIPv6(address);
  if (!isValid || !(port >= 1 && port <= 65535)) {
    throw new InvalidArgumentError(
      'Allowed is inetd, systemd, or [HOST]:PORT, such as :8088, 127.0.0.1:8088 or [::1]:8088.',
    );
  }
  return { kind: 'port', host: address ?? (name === '' ? undefined : name), port };
}
