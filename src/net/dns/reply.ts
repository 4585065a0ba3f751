import { critical, type Outcome } from '../../check/outcome.ts';
import type { Followed } from './alias.ts';
import type { DnsReply } from './message.ts';
import { outcomeWithout } from './no-reply.ts';
import type { DnsRecord } from './record.ts';

/** The reply to a question, or the outcome when there is none to judge. `server` is an endpoint. */
export function replyTo(
  { answer, alias, isUnserved }: Followed,
  server: string,
): DnsReply | Outcome {
  if (isUnserved) return critical(`alias for ${alias}, which this server does not answer`);
  if (answer.kind === 'reply') return answer;
  const outcome = outcomeWithout(answer, server);
  if (alias === undefined) return outcome;
  return { ...outcome, summary: `alias for ${alias}: ${outcome.summary}` };
}

/** The serial of the first SOA record (RFC 1035 section 3.3.13); undefined when there is none. */
export function serialIn(records: readonly DnsRecord[]): number | undefined {
  const serial = records.find(({ type }) => type === 'SOA')?.fields[2];
  return serial === undefined ? undefined : Number(serial);
}
