import { critical, type Outcome, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { endpoint } from '../../net/host-names.ts';
import { type Family, zoneIdOf } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import { roundTripSeconds } from './nmap/arguments.ts';
import { scan } from './nmap/scan.ts';
import type { Finding } from './port-state.ts';

/** One half-open check of one port. */
export interface SynCheck {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family?: Family | undefined;
  readonly port: number;
  /** When the next port is scanned too: nmap 7.70 takes an open port, asked alone, for filtered. */
  readonly adjacent: 'auto' | 'never' | 'always';
  /** The nmap to run: a path, or a name in PATH. */
  readonly nmap: string;
  /** The deadline in seconds, which the waiting times of nmap are made for. */
  readonly timeout: number;
}

/** Asks for the state of one port of one address, by half of a TCP handshake. */
export async function probeSyn(
  check: SynCheck,
  signal: AbortSignal,
  trace?: Trace,
): Promise<Outcome> {
  const resolved = await resolveTarget(check.host, signal, check.family, trace);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  if (zoneIdOf(address) !== undefined) {
    return unknown(
      `${check.host} has an address with a zone id, ${address}, which nmap cannot take`,
    );
  }
  const finding = await askNmap(check, address, signal, trace);
  return { ...judge(finding, endpoint(address, check.port)), facts: [lookupTime] };
}

async function askNmap(
  check: SynCheck,
  address: string,
  signal: AbortSignal,
  trace?: Trace,
): Promise<Finding> {
  const { nmap, port, adjacent } = check;
  const question = { address, port, roundTripSeconds: roundTripSeconds(check.timeout), trace };
  const first = await scan(nmap, { ...question, withNeighbour: adjacent === 'always' }, signal);
  // An ICMP message is a definite answer, which no neighbour changes.
  const isSilent = first.kind === 'state' && first.reason === 'no-response';
  if (adjacent !== 'auto' || !isSilent || first.state !== 'filtered') return first;
  const second = await scan(nmap, { ...question, withNeighbour: true }, signal);
  return second.kind === 'state' ? second : first;
}

function judge(finding: Finding, target: string): Outcome {
  switch (finding.kind) {
    case 'state': {
      const summary = `${target} is ${finding.state} (${finding.reason})`;
      return finding.state === 'open' ? { status: 'ok', summary } : critical(summary);
    }
    case 'unreachable':
      return critical(`${target} ${finding.why}`);
    case 'unknown':
    case 'unavailable':
      return unknown(finding.why);
  }
}
