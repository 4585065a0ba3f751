import type * as packet from 'dns-packet';
import { type Responder, reply } from './dns-server.ts';

/** A DNS blocklist by RFC 5782: its entries, and the serial of its data. */
export interface Dnsbl {
  readonly zone: string;
  /** What each name under the zone is answered, such as `2.0.0.127` with `127.0.0.2`. */
  readonly entries: Readonly<Record<string, string>>;
  /** Undefined for a zone without an SOA record. */
  readonly serial?: () => number;
}

/** The entries of a working list of IPv4 addresses (RFC 5782 section 5). */
export const testEntries = { '2.0.0.127': '127.0.0.2' };

/** Answers for one list, and REFUSED for every other name. */
export function listResponder({ zone, entries, serial }: Dnsbl): Responder {
  return (query) => {
    const [question] = query.questions ?? [];
    const name = question?.name.toLowerCase() ?? '';
    if (name === zone && question?.type === 'SOA' && serial) {
      return [reply(query, { answers: [soa(zone, serial())] })];
    }
    if (!name.endsWith(`.${zone}`)) return [reply(query, { rcode: 5 })];
    const data = entries[name.slice(0, -1 - zone.length)];
    if (data === undefined) return [reply(query, { rcode: 3 })];
    return [reply(query, { answers: [{ type: 'A', name, ttl: 60, data }] })];
  };
}

function soa(zone: string, serial: number): packet.Answer {
  const timers = { refresh: 3600, retry: 600, expire: 86400, minimum: 60 };
  return {
    type: 'SOA',
    name: zone,
    ttl: 60,
    data: { mname: `ns.${zone}`, rname: `hostmaster.${zone}`, serial, ...timers },
  };
}
