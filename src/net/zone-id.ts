import { networkInterfaces } from 'node:os';
import { zoneIdOf } from './ip-address.ts';

/**
 * An address whose zone id is the number of an interface, with the name of that interface: Node knows
 * interfaces by name only. Any other address as it is.
 */
export function withInterfaceName(address: string): string {
  const zone = zoneIdOf(address) ?? '';
  if (!/^\d+$/.test(zone)) return address;
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    const isWanted = addresses.some(
      (each) => each.family === 'IPv6' && each.scopeid === Number(zone),
    );
    if (isWanted) return address.replace(/%.*/, `%${name}`);
  }
  return address;
}
