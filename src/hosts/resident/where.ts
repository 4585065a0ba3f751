import { InvalidArgumentError } from '@commander-js/extra-typings';
import { isHost } from '../../net/host.ts';
import { isIPv6 } from '../../net/literal.ts';

/** Where a resident listens: on a socket that a superserver hands over, or on one of its own. */
export type Where =
  | { readonly kind: 'inetd' }
  | { readonly kind: 'systemd' }
  | { readonly kind: 'own'; readonly host: string | undefined; readonly port: number };

/** Reads a value of `--listen`. */
export function parseWhere(text: string): Where {
  if (text === 'inetd' || text === 'systemd') return { kind: text };
  const [, address, name, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const isSound = address === undefined ? name === '' || isHost(name ?? ':') : isIPv6(address);
  if (!isSound || !(port >= 1 && port <= 65535)) {
    throw new InvalidArgumentError(
      'Allowed is inetd, systemd, or [HOST]:PORT, such as :8088, 127.0.0.1:8088 or [::1]:8088.',
    );
  }
  return { kind: 'own', host: address ?? (name === '' ? undefined : name), port };
}
