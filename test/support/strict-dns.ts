/**
 * A second reader of DNS messages, slow and written only from RFC 1035, to compare with the first. Names
 * are lists of labels in hexadecimal, with capital letters made small.
 */
type Name = readonly string[];

interface Found {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
  readonly upperRcode: number;
  readonly data: Buffer;
  /** The name that the data is, for CNAME. */
  readonly target: Name;
}

const small = (label: Buffer) =>
  Buffer.from(label.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte))).toString(
    'hex',
  );

class Wrong extends Error {}

function demand(condition: boolean): asserts condition {
  if (!condition) throw new Wrong();
}

/** A name and the offset behind it; `end` is where the bytes end that it may use without a pointer. */
function nameAt(message: Buffer, start: number, end: number): readonly [Name, number] {
  demand(start < end);
  const head = message.readUInt8(start);
  if (head === 0) return [[], start + 1];
  if (head < 64) {
    demand(start + 1 + head < end);
    const [rest, behind] = nameAt(message, start + 1 + head, end);
    return [[small(message.subarray(start + 1, start + 1 + head)), ...rest], behind];
  }
  demand(head >= 192 && start + 1 < end);
  const target = message.readUInt16BE(start) - 0xc000;
  demand(target >= 12 && target < start);
  const [rest] = nameAt(message.subarray(0, start), target, start);
  return [rest, start + 2];
}

function namesFit(message: Buffer, start: number, count: number, end: number): number {
  let at = start;
  for (let index = 0; index < count; index += 1) [, at] = shortNameAt(message, at, end);
  return at;
}

function shortNameAt(message: Buffer, start: number, end: number): readonly [Name, number] {
  const [name, behind] = nameAt(message, start, end);
  demand(name.reduce((length, label) => length + 1 + label.length / 2, 1) <= 255);
  return [name, behind];
}

/** By type: names at the start of the data, bytes before them, bytes behind them. */
const shapes: Readonly<Record<number, readonly [number, number, number]>> = {
  ...{ 1: [4, 0, 0], 2: [0, 1, 0], 5: [0, 1, 0], 6: [0, 2, 20], 12: [0, 1, 0] },
  ...{ 15: [2, 1, 0], 28: [16, 0, 0], 33: [6, 1, 0], 39: [0, 1, 0] },
};

function recordAt(message: Buffer, start: number): readonly [Found, number] {
  const [name, at] = shortNameAt(message, start, message.length);
  demand(at + 10 <= message.length);
  const [type, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 8)];
  const [begin, end] = [at + 10, at + 10 + length];
  demand(end <= message.length);
  const shape = shapes[type];
  let target: Name = [];
  if (shape) {
    const [before, names, behind] = shape;
    demand(namesFit(message, begin + before, names, end) + behind === end);
    if (type === 5) [target] = shortNameAt(message, begin, end);
  }
  const recordClass = message.readUInt16BE(at + 2);
  const upperRcode = type === 41 ? message.readUInt8(at + 4) : 0;
  const data = message.subarray(begin, end);
  return [{ name, type, class: recordClass, upperRcode, data, target }, end];
}

const isSame = (a: Name, b: Name) => a.join(' ') === b.join(' ');

/** The answers of a message that is a whole and faultless reply to the question, else undefined. */
function answersTo(message: Buffer, question: Buffer): readonly Found[] | undefined {
  demand(message.length >= 12);
  const flags = message.readUInt16BE(2);
  demand((flags & 0x8000) !== 0 && (flags & 0x7a00) === 0 && message.readUInt16BE(4) === 1);
  let at = 12 + question.length;
  const asked = message.subarray(12, at);
  demand(small(asked.subarray(0, -4)) === small(question.subarray(0, -4)));
  demand(asked.subarray(-4).equals(question.subarray(-4)));
  const sections = [6, 8, 10].map((offset) => {
    const found: Found[] = [];
    for (let count = message.readUInt16BE(offset); count > 0; count -= 1) {
      const [record, behind] = recordAt(message, at);
      found.push(record);
      at = behind;
    }
    return found;
  });
  const [answers = [], authorities = [], additionals = []] = sections;
  demand([...answers, ...authorities].every((record) => record.class === 1 && record.type !== 41));
  const upper = additionals.map(({ upperRcode }) => upperRcode);
  return (flags & 0xf) === 0 && upper.every((bits) => bits === 0) ? answers : undefined;
}

/**
 * True when a message proves that the name of the question has an A record in 127.0.0.0/8.
 * `question` is in wire form.
 */
export function provesListing(message: Buffer, question: Buffer): boolean {
  try {
    const answers = answersTo(message, question) ?? [];
    let [name] = nameAt(Buffer.concat([Buffer.alloc(12), question]), 12, 12 + question.length);
    for (let hops = 0; hops <= answers.length; hops += 1) {
      if (answers.some((it) => it.type === 1 && it.data[0] === 127 && isSame(it.name, name))) {
        return true;
      }
      const alias = answers.find((record) => record.type === 5 && isSame(record.name, name));
      if (!alias) return false;
      name = alias.target;
    }
    return false;
  } catch (error) {
    if (error instanceof Wrong) return false;
    throw error;
  }
}
