import { ipv6Groups, isIPv4 } from '../ip-address.ts';
import type { DnsRecord } from './record.ts';
import { type Field, fieldsOf, type RecordType, shortened } from './record-types.ts';

/** The data of a record in one line, as dig(1) prints it, without the dots at the end of names. */
export function textOf({ fields }: DnsRecord): string {
  return fields.join(' ');
}

/** The value that a user gives for a type of record, in the one form for comparing; undefined when it is none. */
export function canonicalValue(type: RecordType, text: string): string | undefined {
  const kinds = fieldsOf(type);
  const parts = split(text.trim(), kinds.length);
  const values = kinds.map((kind, index) => canonicalField[kind](parts[index] ?? ''));
  if (parts.length !== kinds.length || values.includes(undefined)) return undefined;
  return values.join(' ');
}

/** What such a value is made of, for a message: `NUMBER NAME`. */
export function valueSyntax(type: RecordType): string {
  return fieldsOf(type)
    .map((kind) => fieldNames[kind])
    .join(' ');
}

const fieldNames = {
  u8: 'NUMBER',
  u16: 'NUMBER',
  u32: 'NUMBER',
  ip4: 'IPV4-ADDRESS',
  ip6: 'IPV6-ADDRESS',
  name: 'NAME',
  text: 'TEXT',
  texts: 'TEXT',
  rest: 'TEXT',
  hex: 'HEX-DIGITS',
} satisfies Record<Field, string>;

/** The value of a record in the same form. */
export function canonicalRecord(type: RecordType, { fields }: DnsRecord): string {
  const kinds = fieldsOf(type);
  return fields
    .map((field, index) => (kinds[index] === 'name' ? field.toLowerCase() : field))
    .join(' ');
}

/** So many parts, the last of which may have blanks in it. */
function split(text: string, count: number): readonly string[] {
  const parts = text === '' ? [] : text.split(/\s+/);
  if (parts.length <= count) return parts;
  const first = parts.slice(0, count - 1);
  const rest = first.reduce((left, part) => left.slice(left.indexOf(part) + part.length), text);
  return [...first, rest.trim()];
}

function numberBelow(limit: number) {
  return (text: string) =>
    /^\d{1,10}$/.test(text) && Number(text) < limit ? String(Number(text)) : undefined;
}

/** A text as it is, or between quotes. Two strings of a TXT record are one text. */
function text(text: string): string {
  if (!/^".*"$/.test(text)) return text;
  return text
    .slice(1, -1)
    .replace(/"\s+"/g, '')
    .replace(/\\(["\\])/g, '$1');
}

const canonicalField = {
  u8: numberBelow(2 ** 8),
  u16: numberBelow(2 ** 16),
  u32: numberBelow(2 ** 32),
  ip4: (address) => (isIPv4(address) ? address : undefined),
  ip6(address) {
    const groups = address.includes('%') ? undefined : ipv6Groups(address);
    return groups && shortened(groups);
  },
  name(name) {
    const plain = name.toLowerCase();
    return plain === '.' ? plain : /^[^\s]+$/.test(plain) ? plain.replace(/\.$/, '') : undefined;
  },
  text,
  texts: text,
  rest: text,
  hex: (digits) =>
    /^[\da-f\s]+$/i.test(digits) ? digits.replace(/\s/g, '').toUpperCase() : undefined,
} satisfies Record<Field, (text: string) => string | undefined>;
