import { critical, type Outcome, unknown } from '../../check/outcome.ts';
import { endpoint } from '../../net/host-names.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import { startFailure } from '../../system/start-failure.ts';
import { type ProgramResult, runProgram } from '../../system/subprocess.ts';
import { readNmapXml } from './port-state.ts';

/** One half-open check of one port. */
export interface SynCheck {
  readonly host: string;
  readonly port: number;
  /** When the next port is scanned too: nmap 7.70 takes an open port, asked alone, for filtered. */
  readonly adjacent: 'auto' | 'never' | 'always';
  /** The nmap to run: a path, or a name in PATH. */
  readonly nmap: string;
  /** The deadline in seconds, which the waiting times of nmap are made for. */
  readonly timeout: number;
}

/** Asks nmap for the state of one port of one address, by half of a TCP handshake. */
export async function probeSyn(check: SynCheck, signal: AbortSignal): Promise<Outcome> {
  const resolved = await resolveTarget(check.host, signal);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  if (address.includes('%')) {
    return unknown(
      `${check.host} has an address with a zone id, ${address}, which nmap cannot take`,
    );
  }
  const scan = async (withNeighbour: boolean) => {
    const args = argumentsFor(check, address, withNeighbour);
    return judge(await runProgram(check.nmap, args, signal), check, address);
  };
  const withFacts = ({ outcome }: Judgement) => ({ ...outcome, facts: [lookupTime] });
  const first = await scan(check.adjacent === 'always');
  if (check.adjacent !== 'auto' || first.state !== 'filtered') return withFacts(first);
  const second = await scan(true);
  return withFacts(second.state === undefined ? first : second);
}

/**
 * Literals only, since nmap reads options, lists, ranges and networks in its targets. -Pn and
 * --disable-arp-ping: the port decides, not a ping. Never without -sS, which would connect.
 */
function argumentsFor(check: SynCheck, address: string, withNeighbour: boolean): readonly string[] {
  // Two tries of at most 2.5 times this, and the neighbour's, stay inside of the deadline.
  const roundTrip = Math.min(200, Math.max(40, Math.round((check.timeout * 1000) / 7.5)));
  return [
    ...['-sS', '-n', '-Pn', '--disable-arp-ping', '--max-retries', '1'],
    ...['--initial-rtt-timeout', `${roundTrip}ms`, '--max-rtt-timeout', `${roundTrip * 2.5}ms`],
    ...(address.includes(':') ? ['-6'] : []),
    // nmap asks for the user's id; a capability is enough for what it does.
    ...(process.geteuid?.() === 0 ? [] : ['--privileged']),
    ...(withNeighbour
      ? ['--min-rate', '100', '-p', neighbours(check.port)]
      : ['-p', `${check.port}`]),
    ...['-oX', '-', address],
  ];
}

function neighbours(port: number): string {
  return port === 65535 ? '65534-65535' : `${port}-${port + 1}`;
}

/** What is to be said of one run; `state` only when nmap found one. */
interface Judgement {
  readonly outcome: Outcome;
  readonly state?: string;
}

/** nmap's exit code says nothing: it is 0 for a closed port and for a host without a route. */
function judge(end: ProgramResult, { port, nmap }: SynCheck, address: string): Judgement {
  if (end.kind === 'late') return { outcome: unknown('nmap did not end before the deadline') };
  if (end.kind === 'not-started') {
    const install = 'install it (apt-get install nmap), or name it by --nmap';
    const reason = startFailure(nmap, end.code, install);
    return { outcome: unknown(`nmap cannot be run as '${nmap}': ${reason}`) };
  }
  const reading = readNmapXml(end.stdout, port);
  const target = endpoint(address, port);
  switch (reading.kind) {
    case 'state': {
      const { state, reason } = reading;
      const summary = `${target} is ${state} (${reason})`;
      return { outcome: state === 'open' ? { status: 'ok', summary } : critical(summary), state };
    }
    case 'no-state':
      return { outcome: critical(`${target} has no port state: host ${reading.host}`) };
    case 'failed':
      return { outcome: unknown(failure(reading.message)) };
    case 'unreadable':
      return { outcome: unknown(failure(end.stderr)) };
  }
}

/** nmap's own message, and what to do where they are about privilege. */
function failure(message: string): string {
  const [line = ''] = message.trim().split('\n');
  if (/raw socket|root privileges|not permitted/i.test(message)) {
    return `nmap needs root or CAP_NET_RAW for a half-open check: ${line}`;
  }
  return line === '' ? 'nmap printed what is not its XML' : `nmap failed: ${line}`;
}
