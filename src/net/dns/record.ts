import { FormatError, type Reader, readerOf } from './reader.ts';
import { readFields, typeName } from './record-types.ts';

/** One resource record (RFC 1035 section 4.1.3). */
export interface DnsRecord {
  readonly name: string;
  /** Such as `A`, or `TYPE65` when its data is not read. */
  readonly type: string;
  /** Its number, 1 for IN. In an OPT record it is something else. */
  readonly class: number;
  readonly timeToLive: number;
  /** Its data as zone files have it, field by field. */
  readonly fields: readonly string[];
}

/** The pseudo-record of EDNS (RFC 6891 section 6.1), whose class and time to live are other things. */
const optType = 'TYPE41';

/** Reads the record that begins where the reader is. Throws FormatError when it is malformed. */
export function readRecord(message: Buffer, reader: Reader): DnsRecord {
  const name = reader.name();
  const number = reader.u16();
  const recordClass = reader.u16();
  const timeToLive = reader.u32();
  const length = reader.u16();
  const start = reader.position();
  reader.bytes(length);
  const fields = readFields(number, readerOf(message, start, start + length));
  return { name, type: typeName(number), class: recordClass, timeToLive, fields };
}

/** True for a record of class IN, which is the only one that was asked for. */
export function isInternet(record: DnsRecord): boolean {
  return record.class === 1 && record.type !== optType;
}

/** The upper bits of an rcode, which stand in the one OPT record that a message may have. */
export function extendedRcode(additionals: readonly DnsRecord[]): number {
  const [option, ...more] = additionals.filter(({ type }) => type === optType);
  if (more.length > 0) throw new FormatError();
  return option === undefined ? 0 : (option.timeToLive >>> 24) << 4;
}
