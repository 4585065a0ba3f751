import { critical, type Outcome } from '../../check/outcome.ts';
import type { DnsReply, Followed, Question } from '../../net/dns/index.ts';
import type { DnsRecord } from '../../net/dns/record.ts';
import { canonicalRecord, textOf } from '../../net/dns/record-value.ts';
import { replyTo } from '../../net/dns/reply.ts';

/** What the answer to a question must be. */
export interface Demands {
  readonly question: Question;
  /** Values that must be among the records, each as the user wrote it and in its canonical form. */
  readonly expect: readonly ExpectedValue[];
  /** The rcode that is enough by itself; undefined for NOERROR and a record of the type. */
  readonly rcode: string | undefined;
  /** Whether the bit AA must be set. */
  readonly isAuthoritative: boolean;
}

/** A value that the user expects. */
export interface ExpectedValue {
  readonly text: string;
  readonly canonical: string;
}

/** Judges the answer to a question. `server` is an endpoint, for the summary. */
export function judgeAnswer(followed: Followed, demands: Demands, server: string): Outcome {
  const { question, isAuthoritative } = demands;
  const reply = replyTo(followed, server);
  const judged =
    'status' in reply
      ? reply
      : (failure(reply, followed, demands) ?? praise(reply, followed, demands));
  const isTrusted = 'status' in reply || reply.isAuthoritative || !isAuthoritative;
  const outcome =
    judged.status === 'ok' && !isTrusted ? critical('the answer is not authoritative') : judged;
  return { ...outcome, summary: `${question.name}: ${outcome.summary}` };
}

function praise({ rcode }: DnsReply, { records }: Followed, { question }: Demands): Outcome {
  const summary = records.length > 0 ? valuesOf(question.type, records) : `${rcode}, as expected`;
  return { status: 'ok', summary };
}

function failure(
  { rcode }: DnsReply,
  { records, alias }: Followed,
  { question: { type }, expect, rcode: expectedRcode }: Demands,
): Outcome | undefined {
  const behind = alias === undefined ? '' : ` (alias for ${alias})`;
  if (rcode !== (expectedRcode ?? 'NOERROR')) {
    const found = records.length > 0 ? valuesOf(type, records) : inWords(rcode);
    const expected = expectedRcode === undefined ? '' : `, expected is ${expectedRcode}`;
    return critical(`${found}${behind}${expected}`);
  }
  if (records.length === 0 && (expectedRcode === undefined || expect.length > 0)) {
    return critical(`no ${type} record${behind}`);
  }
  const found = records.map((record) => canonicalRecord(type, record));
  const missing = expect.filter(({ canonical }) => !found.includes(canonical));
  if (missing.length === 0) return undefined;
  const lacking = missing.map(({ text }) => text).join(', ');
  return critical(`lacks ${lacking}${behind}: it has ${valuesOf(type, records)}`);
}

/** What the rcodes of a server mean. */
const meanings: Readonly<Record<string, string>> = {
  NXDOMAIN: 'does not exist (NXDOMAIN)',
  REFUSED: 'refused: rate-limited, or not served to us',
  SERVFAIL: 'SERVFAIL: zone expired or not loaded, or its servers do not answer a resolver',
  NOERROR: 'it exists (NOERROR)',
};

function inWords(rcode: string): string {
  return meanings[rcode] ?? `answered with rcode ${rcode}`;
}

/** The most values that a summary names. */
const maxValues = 8;

/** The values in an order of their own, since servers rotate them. */
function valuesOf(type: string, records: readonly DnsRecord[]): string {
  const values = records.map(textOf).sort();
  const rest = records.length - maxValues;
  return `${type} ${values.slice(0, maxValues).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
