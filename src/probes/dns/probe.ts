import { graver, type Metric, type Outcome } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { type AskOptions, type Followed, withServer } from '../../net/dns/index.ts';
import { askPrimary, type Primary } from '../../net/dns/primary.ts';
import { serialIn } from '../../net/dns/reply.ts';
import { judgeSerial, type SerialLimits } from '../../net/dns/zone-serial.ts';
import { endpoint } from '../../net/host-names.ts';
import type { Family } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import { type Demands, judgeAnswer } from './judge.ts';

/** One question to one DNS server. */
export interface DnsCheck extends Demands, SerialLimits, Omit<AskOptions, 'address'> {
  readonly host: string;
  /** Which address of a HOST that is a name; undefined for the first. */
  readonly family: Family | undefined;
  /** The server whose serial is compared with; undefined for none. */
  readonly primary?: Primary | undefined;
}

/** Asks the server itself, at one address, and judges its answer and the serial of its zone. */
export async function probeDns(
  check: DnsCheck,
  signal: AbortSignal,
  trace?: Trace,
): Promise<Outcome> {
  const { host, family, port, question, primary, isTcp, isRecursive, resendAfter } = check;
  const resolved = await resolveTarget(host, signal, family, trace);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  const server = { address, port, isTcp, isRecursive, resendAfter, trace };
  const { name } = question;
  const serials = primary && askPrimary(primary, [name], { ...server, isRecursive: false }, signal);
  const followed = await withServer(server, signal, (ask) => ask(question));

  const answered = judgeAnswer(followed, check, endpoint(address, port));
  const facts = [lookupTime, ...countsOf(followed)];
  const asksSerial = check.maxAge !== undefined || primary !== undefined;
  if (answered.status !== 'ok' || !asksSerial) return { ...answered, facts };
  const atPrimary = (await serials)?.get(name);
  const zone = judgeSerial(name, serialIn(followed.records), check, atPrimary);
  return {
    ...zone,
    status: graver(answered.status, zone.status),
    summary: `${answered.summary}; ${zone.summary}`,
    facts: [...facts, ...(zone.facts ?? [])],
  };
}

/** The numbers of blackbox_exporter. */
function countsOf({ answer }: Followed): readonly Metric[] {
  const isReply = answer.kind === 'reply';
  const succeeded: Metric = {
    name: 'dns_query_succeeded',
    value: Number(isReply),
    help: 'Whether a reply came',
  };
  if (!isReply) return [succeeded];
  const count = (section: string, records: readonly unknown[]): Metric => ({
    name: `dns_${section}_records`,
    value: records.length,
    help: `Number of records in the ${section} section of the reply`,
  });
  return [
    succeeded,
    count('answer', answer.answers),
    count('authority', answer.authorities),
    count('additional', answer.additionals),
  ];
}
