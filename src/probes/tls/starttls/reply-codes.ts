import { type Conversation, Declined } from './conversation.ts';
import { quote } from './quote.ts';

/** A reply of SMTP, LMTP or FTP: a code, and the text of each of its lines. */
export interface CodedReply {
  readonly code: number;
  readonly lines: readonly string[];
  /** Its last line, for a summary. */
  readonly last: string;
}

/**
 * Reads one reply, of one line or of several (RFC 5321 section 4.2.1, RFC 959 section 4.2): the first
 * begins with the code and a hyphen, the last with the code and a blank.
 */
export async function readReply(talk: Conversation, protocol: string): Promise<CodedReply> {
  const lines: string[] = [];
  const first = await talk.line();
  const [, code, isMore] = /^(\d{3})(-)?/.exec(first) ?? [];
  if (code === undefined) throw new Declined(`does not speak ${protocol}: ${quote(first)}`);
  lines.push(first);
  let last = first;
  while (isMore && !(last.startsWith(code) && last[3] !== '-')) {
    last = await talk.line();
    lines.push(last);
  }
  return { code: Number(code), lines: lines.map((line) => line.slice(4)), last };
}
