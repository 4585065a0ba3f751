import { type Outcome, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { endpoint } from '../host-names.ts';
import { resolveTarget } from '../resolve-target.ts';
import { type AskOptions, withServer } from './index.ts';
import { replyTo, serialIn } from './reply.ts';
import type { PrimarySerial } from './zone-serial.ts';

/** The server that zones are transferred from. */
export interface Primary {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a primary server for the serials of zones. What it does not tell is no fault of the server that
 * is checked, and so unknown.
 */
export async function askPrimary(
  { host, port }: Primary,
  zones: readonly string[],
  options: Omit<AskOptions, 'address' | 'port'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PrimarySerial>> {
  const named = endpoint(host, port);
  const asUnknown = ({ summary }: Outcome) => unknown(`primary ${named}: ${summary}`);
  const { trace: all } = options;
  const trace: Trace | undefined = all && ((level, step) => all(level, () => `primary: ${step()}`));
  const resolved = await resolveTarget(host, signal, undefined, trace);
  if ('status' in resolved) return new Map(zones.map((zone) => [zone, asUnknown(resolved)]));
  const server = { ...options, address: resolved.address, port, trace };
  return withServer(server, signal, async (ask) => {
    const serials = zones.map(async (zone): Promise<[string, PrimarySerial]> => {
      const followed = await ask({ name: zone, type: 'SOA' });
      const reply = replyTo(followed, endpoint(server.address, port));
      if ('status' in reply) return [zone, asUnknown(reply)];
      const serial = reply.rcode === 'NOERROR' ? serialIn(followed.records) : undefined;
      return [
        zone,
        serial ?? unknown(`primary ${named}: no SOA record of ${zone} (${reply.rcode})`),
      ];
    });
    return new Map(await Promise.all(serials));
  });
}
