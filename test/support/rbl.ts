import type * as packet from 'dns-packet';
import { probeRbl, type RblCheck } from '../../src/probes/rbl/probe.ts';
import type { CleanUp } from './clean-up.ts';
import { a } from './dns-messages.ts';
import { type ReplyParts, type Responder, reply, startDnsServer } from './dns-server.ts';

export const zone = 'dnsbl.test';
export const testName = `2.0.0.127.${zone}`;
export const controlName = `1.0.0.127.${zone}`;

export const nameIn = (query: packet.DecodedPacket): string => query.questions?.[0]?.name ?? '';

/** Answers a name of the table by its responder, and every other name with NXDOMAIN. */
export function byName(table: Readonly<Record<string, Responder>>): Responder {
  return (query, transport) => (table[nameIn(query)] ?? replying({ rcode: 3 }))(query, transport);
}

export function replying(parts: ReplyParts): Responder {
  return (query) => [reply(query, parts)];
}

/** Answers with A records of the name that is asked for. */
export function listedAs(...addresses: readonly string[]): Responder {
  return (query) => {
    const answers = addresses.map((address) => a(nameIn(query), address));
    return [reply(query, { answers })];
  };
}

/** A list that does what RFC 5782 asks of it. */
export const working = byName({ [testName]: listedAs('127.0.0.2') });

/** Starts a working list, and returns the command line that asks it. */
export async function startWorkingList(cleanUp: CleanUp): Promise<readonly string[]> {
  const server = await startDnsServer(working);
  cleanUp(() => server.close());
  return ['rbl', '127.0.0.1', String(server.port), '--zone', zone];
}

/** Checks a server as `lbcheck rbl` does by default, except for `changes`. */
export function checkRbl(
  server: { readonly address: string; readonly port: number },
  changes: Partial<RblCheck> = {},
  seconds = 10,
) {
  const check: RblCheck = {
    ...{ host: server.address, port: server.port, zones: [zone], isTcp: false, isRecursive: true },
    ...{ type: 'ip4', test: '127.0.0.2', control: '127.0.0.1', resendAfter: seconds / 2 },
    ...changes,
  };
  return probeRbl(check, AbortSignal.timeout(seconds * 1000));
}
