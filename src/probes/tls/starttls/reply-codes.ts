import { quote } from './quote.ts';
import { Declined, type Session } from './session.ts';

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
export async function readReply(session: Session, protocol: string): Promise<CodedReply> {
  const lines: string[] = [];
  const first = await session.line();
  const [, code, isMore] = /^(\d{3})(-)?/.exec(first) ?? [];
  if (code === undefined) throw new Declined(`does not speak ${protocol}: ${quote(first)}`);
  lines.push(first);
  let last = first;
  while (isMore && !(last.startsWith(code) && last[3] !== '-')) {
    last = await session.line();
    lines.push(last);
  }
  return { code: Number(code), lines: lines.map((line) => line.slice(4)), last };
}
