import * as packet from 'dns-packet';
import { shortageIn } from '../../system/shortage.ts';
import { isAddress } from '../host-names.ts';

/** One question, class IN. */
export interface Question {
  readonly name: string;
  readonly type: 'A' | 'SOA';
}

/** A server's final answer to one question (RFC 1035 section 4.1). */
export interface DnsReply {
  readonly kind: 'reply';
  /** By its name: NOERROR, NXDOMAIN, REFUSED, ..., else RCODE_n. */
  readonly rcode: string;
  /** The A records at the end of the question's CNAME chain. */
  readonly addresses: readonly string[];
  /** The serial of the question's SOA record. */
  readonly serial?: number;
}

/** The server's message cannot be read. */
interface Malformed {
  readonly kind: 'malformed';
}

/** UDP only: the answer was too long, and must be asked for over TCP. */
export interface Truncated {
  readonly kind: 'truncated';
}

/** What became of one question. */
export type Answer =
  | DnsReply
  | Malformed
  /** Nothing until the deadline; `ignored` messages were no answers to the question. */
  | { readonly kind: 'silence'; readonly ignored: number }
  /** The kernel reports that nothing can be sent there: `code` as in errno(3). */
  | { readonly kind: 'unreachable'; readonly transport: 'UDP' | 'TCP'; readonly code: string }
  /** TCP only: the connection ended before the answer. */
  | { readonly kind: 'closed' }
  /** There was no room for a socket: errno(3). */
  | { readonly kind: 'unasked'; readonly code: string };

/** What an error of a socket says of its question. */
export function answerOfError(
  { code = '', message }: NodeJS.ErrnoException,
  transport: 'UDP' | 'TCP',
): Answer {
  const shortage = shortageIn(code);
  if (shortage !== undefined) return { kind: 'unasked', code: shortage };
  return { kind: 'unreachable', transport, code: code || message };
}

/** How one message relates to a question; a stranger is no answer to it. */
export type Reading = DnsReply | Malformed | Truncated | { readonly kind: 'stranger' };

/** The message for a question. Recursion is desired, so that a resolver's answer can be judged too. */
export function encodeQuery(id: number, question: Question): Buffer {
  return packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ ...question, class: 'IN' }],
  });
}

/** The id of a message, or -1 when it is too short to have one. */
export function idOf(message: Buffer): number {
  return message.length < 2 ? -1 : message.readUInt16BE(0);
}

/** Reads a message that came from the server with the query's id. */
export function readMessage(message: Buffer, question: Question): Reading {
  let decoded: packet.DecodedPacket & { rcode?: string };
  try {
    decoded = packet.decode(message);
  } catch {
    return { kind: 'malformed' };
  }
  const rcode = decoded.rcode ?? '';
  if (!decoded.flag_qr || !answers(decoded.questions ?? [], question, rcode)) {
    return { kind: 'stranger' };
  }
  if (decoded.flag_tc) return { kind: 'truncated' };
  const records = (decoded.answers ?? []).filter(isInternet);
  const addresses = addressesOf(records, question.name);
  if (!addresses.every(isAddress)) return { kind: 'malformed' };
  const serial = serialOf(records, question.name);
  return { kind: 'reply', rcode, addresses, ...(serial !== undefined && { serial }) };
}

/** Some servers, unbound's access control for one, leave the question out of an error. */
function answers(echoed: readonly packet.Question[], asked: Question, rcode: string): boolean {
  if (echoed.length === 0) return rcode !== 'NOERROR' && rcode !== 'NXDOMAIN';
  const [first] = echoed;
  return (
    echoed.length === 1 &&
    first?.type === asked.type &&
    (first.class ?? 'IN') === 'IN' &&
    isSameName(first.name, asked.name)
  );
}

/** Names compare without regard to case (RFC 1035 section 2.3.3). */
function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Class IN; the pseudo-record OPT has none. */
function isInternet(record: packet.Answer): boolean {
  return !('class' in record) || record.class === 'IN';
}

function addressesOf(records: readonly packet.Answer[], name: string): string[] {
  const owner = endOfChain(records, name);
  return records.flatMap((record) =>
    record.type === 'A' && isSameName(record.name, owner) ? [record.data] : [],
  );
}

/** Where the CNAME records lead from a name, in whatever order they stand; each is followed once. */
function endOfChain(records: readonly packet.Answer[], name: string): string {
  const aliases = new Map<string, string>();
  for (const record of records) {
    if (record.type === 'CNAME') aliases.set(record.name.toLowerCase(), record.data.toLowerCase());
  }
  let owner = name.toLowerCase();
  for (let next = aliases.get(owner); next !== undefined; next = aliases.get(owner)) {
    aliases.delete(owner);
    owner = next;
  }
  return owner;
}

function serialOf(records: readonly packet.Answer[], name: string): number | undefined {
  for (const record of records) {
    if (record.type === 'SOA' && isSameName(record.name, name)) return record.data.serial;
  }
  return undefined;
}
