import type { Trace } from '../../../check/trace.ts';

/** One scan of one port by nmap. */
export interface Scan {
  /** A literal address without a zone id. */
  readonly address: string;
  readonly port: number;
  /** Scans the next port too. */
  readonly withNeighbour: boolean;
  /** How long each of two tries may wait for an answer, in seconds. */
  readonly roundTripSeconds: number;
  readonly trace?: Trace | undefined;
}

/**
 * The time of one try, so that two scans of two tries each stay inside the deadline: 0.25 s of it is
 * for the start of nmap.
 */
export function roundTripSeconds(timeout: number): number {
  return Math.max(timeout / 10, (timeout - 0.25) / 4);
}

/**
 * The arguments of nmap. A literal address only, since nmap reads options, lists, ranges and networks
 * in its targets. -Pn and --disable-arp-ping: the port decides, not a ping. --send-ip: through the routes
 * and the firewall of this machine, not around them. Never without -sS, which would connect.
 */
export function argumentsFor(scan: Scan): readonly string[] {
  const { address, port, withNeighbour } = scan;
  const roundTrip = `${Math.round(scan.roundTripSeconds * 1000)}ms`;
  return [
    ...['-sS', '-n', '-Pn', '--disable-arp-ping', '--send-ip', '--max-retries', '1'],
    ...['--initial-rtt-timeout', roundTrip, '--max-rtt-timeout', roundTrip],
    ...(address.includes(':') ? ['-6'] : []),
    // nmap asks for the user's id, though a capability is enough for what it does.
    ...(process.geteuid?.() === 0 ? [] : ['--privileged']),
    // Without a rate it waits before it asks the second of two silent ports.
    ...(withNeighbour ? ['--min-rate', '100', '-p', neighbours(port)] : ['-p', `${port}`]),
    ...['-oX', '-', address],
  ];
}

function neighbours(port: number): string {
  return port === 65535 ? '65534-65535' : `${port}-${port + 1}`;
}
