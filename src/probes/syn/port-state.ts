/** The state of one port, in nmap's words (its reference guide, chapter "Port Scanning Basics"). */
export interface PortState {
  /** open, closed, filtered, ... */
  readonly state: string;
  /** syn-ack, reset, no-response, admin-prohibited, ... */
  readonly reason: string;
}

/** What an engine found out about one port. */
export type Finding =
  | ({ readonly kind: 'state'; readonly note?: string } & PortState)
  /** The port could not be asked, and the fault is the target's or its network's. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** The check could not be made. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** The question did not leave this machine: its own firewall dropped or rejected it. */
  | { readonly kind: 'blocked'; readonly why: string }
  /** The engine cannot work here: it is not installed, or has not the privilege. */
  | { readonly kind: 'unavailable'; readonly why: string };

/** A finding for a person who reads the steps of a check. */
export function inWords(finding: Finding): string {
  return finding.kind === 'state' ? `${finding.state} (${finding.reason})` : finding.why;
}

export function isOpen(finding: Finding): boolean {
  return finding.kind === 'state' && finding.state === 'open';
}

/** True when the packets were sent and nothing came back. */
export function isSilent(finding: Finding): boolean {
  return (
    finding.kind === 'state' && finding.state === 'filtered' && finding.reason === 'no-response'
  );
}
