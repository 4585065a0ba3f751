import { FormatError, type Reader } from './reader.ts';

/** One part of the data of a record. `text` has its length before it, `rest` reaches to the end. */
export type Field =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'ip4'
  | 'ip6'
  | 'name'
  | 'text'
  | 'texts'
  | 'rest'
  | 'hex';

/** The types of record whose data is read, each with its number and its fields, in their order. */
const layouts = {
  // RFC 1035 section 3.3 and 3.4.1
  A: [1, 'ip4'],
  NS: [2, 'name'],
  CNAME: [5, 'name'],
  SOA: [6, 'name', 'name', 'u32', 'u32', 'u32', 'u32', 'u32'],
  PTR: [12, 'name'],
  MX: [15, 'u16', 'name'],
  TXT: [16, 'texts'],
  // RFC 3596, 2782, 3403, 6672
  AAAA: [28, 'ip6'],
  SRV: [33, 'u16', 'u16', 'u16', 'name'],
  NAPTR: [35, 'u16', 'u16', 'text', 'text', 'text', 'name'],
  DNAME: [39, 'name'],
  // RFC 4034, 4255, 6698, 8659
  DS: [43, 'u16', 'u8', 'u8', 'hex'],
  SSHFP: [44, 'u8', 'u8', 'hex'],
  TLSA: [52, 'u8', 'u8', 'u8', 'hex'],
  CAA: [257, 'u8', 'text', 'rest'],
} as const satisfies Record<string, readonly [number, ...Field[]]>;

/** A type of record that can be asked for. */
export type RecordType = keyof typeof layouts;

/** Every type of record that can be asked for. */
export const recordTypes = Object.keys(layouts) as readonly RecordType[];

/** The number of a type. */
export function numberOf(type: RecordType): number {
  return layouts[type][0];
}

/** The fields of a type's data, in their order. */
export function fieldsOf(type: RecordType): readonly Field[] {
  return layouts[type].slice(1) as Field[];
}

const known = new Map<number, readonly [string, ...Field[]]>(
  recordTypes.map((name) => {
    const [number, ...fields] = layouts[name];
    return [number, [name, ...fields]];
  }),
);

/** The name of a type, or `TYPE65` (RFC 3597 section 5) when its data is not read. */
export function typeName(number: number): string {
  return known.get(number)?.[0] ?? `TYPE${number}`;
}

/**
 * The data of a record as texts, one for each field, as zone files have them; none for a type whose
 * data is not read. Throws FormatError when the fields do not fill the data.
 */
export function readFields(number: number, data: Reader): readonly string[] {
  const [, ...fields] = known.get(number) ?? [''];
  const texts = fields.map((field) => readers[field](data));
  if (fields.length > 0 && !data.isAtEnd()) throw new FormatError();
  return texts;
}

const string = (data: Reader) => data.bytes(data.u8());

const rest = (data: Reader) => {
  const bytes: number[] = [];
  while (!data.isAtEnd()) bytes.push(data.u8());
  return Buffer.from(bytes);
};

const readers = {
  u8: (data) => String(data.u8()),
  u16: (data) => String(data.u16()),
  u32: (data) => String(data.u32()),
  ip4: (data) => data.bytes(4).join('.'),
  ip6: (data) => shortened(Array.from({ length: 8 }, () => data.u16())),
  name: (data) => data.name(),
  text: (data) => string(data).toString(),
  // The strings of a TXT record are one text (RFC 7208 section 3.3); there is at least one.
  texts(data) {
    const strings = [string(data)];
    while (!data.isAtEnd()) strings.push(string(data));
    return Buffer.concat(strings).toString();
  },
  rest: (data) => rest(data).toString(),
  hex: (data) => rest(data).toString('hex').toUpperCase(),
} satisfies Record<Field, (data: Reader) => string>;

/** An IPv6 address in its one recommended form (RFC 5952 section 4). */
export function shortened(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  // The first of the longest runs of at least two zero groups.
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((a, b) => (b.length > a.length ? b : a), '');
  if (longest === '') return text;
  const at = text.search(new RegExp(`\\b${longest}\\b`));
  const [head, tail] = [text.slice(0, at), text.slice(at + longest.length)];
  return `${head.replace(/:$/, '')}::${tail.replace(/^:/, '')}`;
}
