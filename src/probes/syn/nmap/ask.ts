import type { Trace } from '../../../check/trace.ts';
import type { AbortSignalLike } from '../../../system/abort.ts';
import { type Finding, isSilent } from '../port-state.ts';
import { roundTripSeconds, type Scan } from './arguments.ts';
import { scan } from './scan.ts';

/** One question to nmap. */
export interface NmapQuestion {
  /** A literal address without a zone id. */
  readonly address: string;
  readonly port: number;
  /** The deadline of the check, in seconds. */
  readonly timeout: number;
  readonly trace?: Trace | undefined;
  /** The nmap to run, by its path or name; undefined for the one in PATH. */
  readonly nmap: string | undefined;
  /** When the next port is scanned too: nmap 7.70 takes an open port, asked alone, for filtered. */
  readonly adjacent: 'auto' | 'never' | 'always';
}

/** The first scan of a port. */
export function askNmap(question: NmapQuestion, signal: AbortSignalLike): Promise<Finding> {
  return scan(nameOf(question), scanOf(question, question.adjacent === 'always'), signal);
}

/** nmap's last finding for a port; `first` is its finding for the port alone. */
export async function askNmapAgain(
  question: NmapQuestion,
  first: Finding,
  signal: AbortSignalLike,
): Promise<Finding> {
  // An ICMP message is a definite answer, which no neighbour changes.
  if (question.adjacent !== 'auto' || !isSilent(first)) return first;
  const second = await scan(nameOf(question), scanOf(question, true), signal);
  return second.kind === 'state' ? second : first;
}

function scanOf({ address, port, timeout, trace }: NmapQuestion, withNeighbour: boolean): Scan {
  return { address, port, trace, withNeighbour, roundTripSeconds: roundTripSeconds(timeout) };
}

const nameOf = ({ nmap }: NmapQuestion) => nmap ?? 'nmap';
