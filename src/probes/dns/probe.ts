import { graver, type Metric, type Outcome } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { type AskOptions, type Followed, withServer } from '../../net/dns/index.ts';
import { type Primary, type PrimarySerials, withPrimary } from '../../net/dns/primary.ts';
import { serialIn } from '../../net/dns/reply.ts';
import { judgeSerial, type SerialLimits } from '../../net/dns/zone-serial.ts';
import { endpoint } from '../../net/host-names.ts';
import type { Family } from '../../net/ip-address.ts';
import { resolveTarget } from '../../net/resolve-target.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
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
  signal: AbortSignalLike,
  trace?: Trace,
): Promise<Outcome> {
  const { host, family, port, question, primary, isTcp, isRecursive, resendAfter } = check;
  const resolved = await resolveTarget(host, signal, family, trace);
  if ('status' in resolved) return resolved;
  const { address, lookupTime } = resolved;
  const server = { address, port, isTcp, isRecursive, resendAfter, trace };
  const outcome = await withPrimary(primary, [question.name], server, signal, async (serials) => {
    const followed = await withServer(server, signal, (ask) => ask(question));
    const answered = judgeAnswer(followed, check, endpoint(address, port));
    const asksSerial = check.maxAge !== undefined || primary !== undefined;
    const isJudged = answered.status === 'ok' && asksSerial;
    const judged = isJudged ? await withSerial(answered, followed, check, serials) : answered;
    return { ...judged, facts: [...countsOf(followed), ...(judged.facts ?? [])] };
  });
  return { ...outcome, facts: [lookupTime, ...outcome.facts] };
}

/** The outcome of a good answer together with that of the zone's serial. */
async function withSerial(
  answered: Outcome,
  { records }: Followed,
  check: DnsCheck,
  serials: PrimarySerials | undefined,
): Promise<Outcome> {
  const { name } = check.question;
  const zone = judgeSerial(name, serialIn(records), check, (await serials)?.get(name));
  return {
    ...zone,
    status: graver(answered.status, zone.status),
    summary: `${answered.summary}; ${zone.summary}`,
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
