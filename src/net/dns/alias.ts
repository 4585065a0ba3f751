import type { Answer, DnsReply, Question } from './message.ts';
import { isSameName } from './name.ts';
import type { DnsRecord } from './record.ts';

/** A server's answer to a question. Its aliases are followed as far as it answers. */
export interface Followed {
  readonly answer: Answer;
  /** The records of the type that was asked for, at the end of the aliases. */
  readonly records: readonly DnsRecord[];
  /** The last name that an alias led to; undefined without an alias. */
  readonly alias?: string;
  /** True when the server does not answer for the name that an alias led to. */
  readonly isUnserved?: boolean;
}

/** Each alias costs one more question. No list has a longer chain of them. */
const maxHops = 8;

/**
 * Asks a question, and asks the same server for the name that an alias leads to, when it did not
 * answer for that name at once. Never rejects.
 */
export async function askFollowing(
  ask: (question: Question) => Promise<Answer>,
  question: Question,
): Promise<Followed> {
  let { name } = question;
  let alias: string | undefined;
  for (let hops = 0; ; hops += 1) {
    const answer = await ask({ ...question, name });
    const followed = { answer, ...(alias !== undefined && { alias }) };
    if (answer.kind !== 'reply') return { ...followed, records: [] };
    const end = question.type === 'CNAME' ? name : endOfChain(answer.answers, name);
    const records = recordsAt(answer, end, question.type);
    const isAlias = !isSameName(end, name);
    if (isAlias) alias = end;
    if (records.length > 0 || isFinal(answer, isAlias) || hops === maxHops) {
      const isUnserved = alias !== undefined && records.length === 0 && !speaksFor(answer, isAlias);
      return { answer, records, ...(alias !== undefined && { alias, isUnserved }) };
    }
    name = end;
  }
}

/** A reply that leaves nothing to ask: without an alias, or with what is at its end. */
function isFinal(reply: DnsReply, isAlias: boolean): boolean {
  return !isAlias || reply.rcode !== 'NOERROR' || hasSoa(reply);
}

/** True when a reply without records means that the last name has none. */
function speaksFor(reply: DnsReply, isAlias: boolean): boolean {
  if (reply.rcode === 'NXDOMAIN') return true;
  // The bit AA is about the first name of a chain (RFC 1035 section 4.1.1).
  return reply.rcode === 'NOERROR' && (hasSoa(reply) || (!isAlias && reply.isAuthoritative));
}

/** The mark of "no such record" (RFC 2308 section 2.2); a referral has NS records instead. */
function hasSoa({ authorities }: DnsReply): boolean {
  return authorities.some(({ type }) => type === 'SOA');
}

function recordsAt({ answers }: DnsReply, name: string, type: string): readonly DnsRecord[] {
  return answers.filter((record) => record.type === type && isSameName(record.name, name));
}

/** Where the aliases lead from a name, in whatever order they stand; each is followed once. */
function endOfChain(records: readonly DnsRecord[], name: string): string {
  const aliases = new Map<string, string>();
  const trees: Alias[] = [];
  for (const { type, name: owner, fields } of records) {
    const [target = ''] = fields;
    if (type === 'CNAME') aliases.set(owner.toLowerCase(), target);
    if (type === 'DNAME') trees.push({ owner: `.${owner.toLowerCase()}`, target });
  }
  let end = name;
  for (let step = 0; step < records.length; step += 1) {
    const next = aliases.get(end.toLowerCase()) ?? moved(end, trees);
    if (next === undefined) break;
    aliases.delete(end.toLowerCase());
    end = next;
  }
  return end;
}

/** A DNAME record: whatever ends with the owner ends with the target instead (RFC 6672). */
interface Alias {
  readonly owner: string;
  readonly target: string;
}

function moved(name: string, trees: readonly Alias[]): string | undefined {
  const tree = trees.find(({ owner }) => name.toLowerCase().endsWith(owner));
  return tree && `${name.slice(0, -tree.owner.length)}.${tree.target}`;
}
