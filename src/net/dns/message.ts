import type { SocketFailure } from '../../system/shortage.ts';
import { encodeName, isSameName } from './name.ts';
import { rcodes } from './rcodes.ts';
import { FormatError, type Reader, readerOf } from './reader.ts';
import { type DnsRecord, extendedRcode, isInternet, readRecord } from './record.ts';
import { numberOf, type RecordType } from './record-types.ts';

/** One question, class IN. */
export interface Question {
  readonly name: string;
  readonly type: RecordType;
}

/** A server's final answer to one question (RFC 1035 section 4.1). */
export interface DnsReply {
  readonly kind: 'reply';
  /** By its name: NOERROR, NXDOMAIN, REFUSED, ..., else RCODE_n. */
  readonly rcode: string;
  readonly isAuthoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

/** The server's message cannot be read, or contradicts itself. */
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
  /** There was no socket to ask with, or it reported an error. */
  | { readonly kind: 'failed'; readonly transport: 'UDP' | 'TCP'; readonly failure: SocketFailure }
  /** TCP only: the connection ended before the answer. */
  | { readonly kind: 'closed' };

/** How one message relates to a question; a stranger is no answer to it. */
export type Reading = DnsReply | Malformed | Truncated | { readonly kind: 'stranger' };

/** Bits of the second word of a header (RFC 1035 section 4.1.1). */
const bits = { response: 0x8000, opcode: 0x7800, authoritative: 0x400, truncated: 0x200 };
const recursionDesired = 0x100;

/** The class IN (RFC 1035 section 3.2.4). */
const internet = 1;

/** The message for a question; with `isRecursive` a resolver is to look further (RD). */
export function encodeQuery(
  id: number,
  { name, type }: Question,
  isRecursive: boolean = true,
): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(isRecursive ? recursionDesired : 0, 2);
  header.writeUInt16BE(1, 4);
  const end = Buffer.alloc(4);
  end.writeUInt16BE(numberOf(type), 0);
  end.writeUInt16BE(internet, 2);
  return Buffer.concat([header, encodeName(name), end]);
}

/** The id of a message, or -1 when it is too short to have one. */
export function idOf(message: Buffer): number {
  return message.length < 2 ? -1 : message.readUInt16BE(0);
}

/**
 * An id that no question has had yet (RFC 5452 section 9.2). Math.random, seeded by the system at
 * each start, serves a handful of ids; loading node:crypto would cost more than the question.
 */
export function freshId(...used: readonly { has(id: number): boolean }[]): number {
  for (;;) {
    const id = Math.floor(Math.random() * 65536);
    if (!used.some((ids) => ids.has(id))) return id;
  }
}

/** Reads a message that came from the server with the query's id. */
export function readMessage(message: Buffer, question: Question): Reading {
  try {
    return read(message, question);
  } catch (error) {
    if (error instanceof FormatError) return { kind: 'malformed' };
    throw error;
  }
}

function read(message: Buffer, question: Question): Reading {
  const reader = readerOf(message, 0);
  reader.u16();
  const flags = reader.u16();
  const questionCount = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16()] as const;
  if ((flags & bits.response) === 0) return { kind: 'stranger' };
  if (!repeats(reader, questionCount, question, flags & 0xf)) return { kind: 'stranger' };
  // Every opcode but QUERY is another protocol.
  if ((flags & bits.opcode) !== 0) throw new FormatError();
  if ((flags & bits.truncated) !== 0) return { kind: 'truncated' };

  const section = (count: number) =>
    Array.from({ length: count }, () => readRecord(message, reader));
  const [answers, authorities, additionals] = [
    section(counts[0]),
    section(counts[1]),
    section(counts[2]),
  ];
  if (![...answers, ...authorities].every(isInternet)) throw new FormatError();
  const rcode = (flags & 0xf) | extendedRcode(additionals);
  return consistent({
    kind: 'reply',
    rcode: rcodes[rcode] ?? `RCODE_${rcode}`,
    isAuthoritative: (flags & bits.authoritative) !== 0,
    ...{ answers, authorities, additionals },
  });
}

/** True when a message has the question that was asked. Some servers leave it out of an error. */
function repeats(reader: Reader, count: number, asked: Question, rcode: number): boolean {
  if (count === 0) return rcodes[rcode] !== 'NOERROR' && rcodes[rcode] !== 'NXDOMAIN';
  const [name, type, queryClass] = [reader.name(), reader.u16(), reader.u16()];
  const isSame = isSameName(name, asked.name) && type === numberOf(asked.type);
  return count === 1 && isSame && queryClass === internet;
}

/** What stands before a name that does not exist: aliases (RFC 6604), and their signatures. */
const aliasTypes = ['CNAME', 'DNAME', 'TYPE46'];

/** A name that does not exist has no records. */
function consistent(reply: DnsReply): DnsReply {
  const isContradictory =
    reply.rcode === 'NXDOMAIN' && !reply.answers.every(({ type }) => aliasTypes.includes(type));
  if (isContradictory) throw new FormatError();
  return reply;
}
