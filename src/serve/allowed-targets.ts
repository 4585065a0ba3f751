import { BlockList } from 'node:net';
import type { Network } from '../options/networks.ts';

/** Tells whether an address lies in one of the networks. An IPv4-mapped address is its IPv4 address. */
export function allowedTargets(networks: readonly Network[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, prefixLength, family } of networks) {
    list.addSubnet(address, prefixLength, family);
  }
  return (address) => list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}
