import { type Outcome, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
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

/** The serials of zones at their primary server. */
export type PrimarySerials = Promise<ReadonlyMap<string, PrimarySerial>>;

type Options = Omit<AskOptions, 'address' | 'port'>;

/**
 * Lends `use` the serials that a primary server tells, which is asked at the same time. What it does not
 * tell is no fault of the server that is checked, and so unknown. Without a primary there are none.
 */
export async function withPrimary<T>(
  primary: Primary | undefined,
  zones: readonly string[],
  options: Options,
  signal: AbortSignalLike,
  use: (serials: PrimarySerials | undefined) => Promise<T>,
): Promise<T> {
  if (!primary) return use(undefined);
  // Nobody waits for the primary when the server itself has failed.
  const over = new AbortController();
  const abort = () => over.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  let isAwaited = true;
  const trace = traceWhile(() => isAwaited, options.trace);
  const serials = askPrimary(primary, zones, { ...options, trace }, over.signal);
  serials.then(() => {
    isAwaited = false;
  });
  try {
    return await use(serials);
  } finally {
    trace?.(1, () => 'no longer waited for');
    isAwaited = false;
    signal.removeEventListener('abort', abort);
    abort();
    await serials;
  }
}

/** The steps at the primary. One that was given up has not been silent. */
function traceWhile(isAwaited: () => boolean, trace: Trace | undefined): Trace | undefined {
  return trace && ((level, step) => isAwaited() && trace(level, () => `primary: ${step()}`));
}

async function askPrimary(
  { host, port }: Primary,
  zones: readonly string[],
  options: Options,
  signal: AbortSignalLike,
): PrimarySerials {
  const named = endpoint(host, port);
  const asUnknown = ({ summary }: Outcome) => unknown(`primary ${named}: ${summary}`);
  const resolved = await resolveTarget(host, signal, undefined, options.trace);
  if ('status' in resolved) return new Map(zones.map((zone) => [zone, asUnknown(resolved)]));
  const { address } = resolved;
  // It is authoritative, and may refuse what is for resolvers.
  const server = { ...options, address, port, isRecursive: false };
  return withServer(server, signal, async (ask) => {
    const serials = zones.map(async (zone): Promise<[string, PrimarySerial]> => {
      const followed = await ask({ name: zone, type: 'SOA' });
      const reply = replyTo(followed, endpoint(address, port));
      if ('status' in reply) return [zone, asUnknown(reply)];
      const serial = reply.rcode === 'NOERROR' ? serialIn(followed.records) : undefined;
      const missing = `primary ${named}: no SOA record of ${zone} (${reply.rcode})`;
      return [zone, serial ?? unknown(missing)];
    });
    return new Map(await Promise.all(serials));
  });
}
