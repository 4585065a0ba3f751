import type { Socket } from 'node:net';
import { isIPv4 } from '../../net/ip-address.ts';

/** The versions of HAProxy's PROXY protocol. */
export const proxyVersions = ['1', '2'] as const;
/** One of them. */
export type ProxyVersion = (typeof proxyVersions)[number];

/** The signature, then version 2 with the command LOCAL, no family, and a length of 0 (section 2.2). */
const local = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');

/**
 * The header that a proxy puts before a connection (haproxy.org, proxy-protocol.txt). Version 2 can say
 * that it is the proxy's own check; version 1 names the addresses of the connection.
 */
export function proxyHeader(
  version: ProxyVersion,
  { localAddress, localPort, remoteAddress, remotePort }: Socket,
): Buffer {
  if (version === '2') return local;
  const addresses = [localAddress ?? '', remoteAddress ?? ''].map(withoutZone);
  const family = addresses.every(isIPv4) ? 'TCP4' : 'TCP6';
  return Buffer.from(`PROXY ${family} ${addresses.join(' ')} ${localPort} ${remotePort}\r\n`);
}

const withoutZone = (address: string) => address.replace(/%.*$/, '');
