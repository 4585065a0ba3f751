import { critical, type Outcome, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { endpoint } from '../../net/host-names.ts';
import { type Family, zoneIdOf } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
import type { Engine } from './engine.ts';
import type { NmapQuestion } from './nmap/ask.ts';
import type { Finding } from './port-state.ts';

/** One half-open check of one port. */
export interface SynCheck extends Omit<NmapQuestion, 'address' | 'trace'> {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family?: Family | undefined;
  readonly engine: Engine;
}

/** Asks for the state of one port of one address, by half of a TCP handshake. */
export async function probeSyn(
  check: SynCheck,
  signal: AbortSignalLike,
  trace?: Trace,
): Promise<Outcome> {
  const resolved = await resolveTarget(check.host, signal, check.family, trace);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  const finding = await ask(check, { ...check, address, trace }, signal);
  return { ...judge(finding, endpoint(address, check.port)), facts: [lookupTime] };
}

/** Late imports: each engine loads what it needs. */
async function ask(
  { engine }: SynCheck,
  question: NmapQuestion,
  signal: AbortSignalLike,
): Promise<Finding> {
  switch (engine) {
    case 'kernel':
      return (await import('./kernel/ask.ts')).askKernel(question, signal);
    case 'auto':
      return (await import('./auto.ts')).askAuto(question, signal);
    case 'nmap': {
      if (zoneIdOf(question.address) !== undefined) {
        return { kind: 'unknown', why: `nmap cannot take the zone id of ${question.address}` };
      }
      const { askNmap, askNmapAgain } = await import('./nmap/ask.ts');
      return askNmapAgain(question, await askNmap(question, signal), signal);
    }
  }
}

function judge(finding: Finding, target: string): Outcome {
  switch (finding.kind) {
    case 'state': {
      const note = finding.note === undefined ? '' : `, ${finding.note}`;
      const summary = `${target} is ${finding.state} (${finding.reason})${note}`;
      return finding.state === 'open' ? { status: 'ok', summary } : critical(summary);
    }
    case 'unreachable':
      return critical(`${target} ${finding.why}`);
    case 'blocked':
      return unknown(`${target}: ${finding.why}`);
    case 'unknown':
    case 'unavailable':
      return unknown(finding.why);
  }
}
