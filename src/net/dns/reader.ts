/** Thrown when a message does not keep to RFC 1035 section 4.1. */
export class FormatError extends Error {}

/** Reads a part of a message from its start to its end. Every method throws FormatError past the end. */
export interface Reader {
  /** Where the next read begins, from the start of the message. */
  readonly position: () => number;
  readonly isAtEnd: () => boolean;
  readonly bytes: (count: number) => Buffer;
  readonly u8: () => number;
  readonly u16: () => number;
  readonly u32: () => number;
  /** A domain name as text: see `labelText`. */
  readonly name: () => string;
}

/** The bytes of a name on the wire (RFC 1035 section 2.3.4). */
const maxNameBytes = 255;

/** The header of a message, which no pointer of a name leads into. */
const headerBytes = 12;

/** A reader of the bytes of a message from `start` to before `end`. */
export function readerOf(message: Buffer, start: number, end: number = message.length): Reader {
  let position = start;
  const bytes = (count: number) => {
    if (position + count > end) throw new FormatError();
    position += count;
    return message.subarray(position - count, position);
  };
  return {
    position: () => position,
    isAtEnd: () => position === end,
    bytes,
    u8: () => bytes(1).readUInt8(),
    u16: () => bytes(2).readUInt16BE(),
    u32: () => bytes(4).readUInt32BE(),
    name() {
      const { labels, behind } = readLabels(message, position, end);
      position = behind;
      return labels.length === 0 ? '.' : labels.map(labelText).join('.');
    },
  };
}

/** The labels of a name, and where the bytes behind it begin. */
function readLabels(message: Buffer, start: number, end: number) {
  const labels: Buffer[] = [];
  let [at, limit, lowest, length] = [start, end, start, 1];
  let behind: number | undefined;
  const byteAt = (index: number) => {
    const byte = index < limit ? message[index] : undefined;
    if (byte === undefined) throw new FormatError();
    return byte;
  };
  for (let head = byteAt(at); head !== 0; head = byteAt(at)) {
    if (head >= 0xc0) {
      // A pointer to an earlier name (section 4.1.4), which ends before this one begins.
      const target = ((head & 0x3f) << 8) | byteAt(at + 1);
      if (target >= lowest || target < headerBytes) throw new FormatError();
      behind ??= at + 2;
      [at, limit, lowest] = [target, lowest, target];
    } else {
      length += head + 1;
      if (head >= 0x40 || at + 1 + head > limit || length > maxNameBytes) throw new FormatError();
      labels.push(message.subarray(at + 1, at + 1 + head));
      at += 1 + head;
    }
  }
  return { labels, behind: behind ?? at + 1 };
}

/**
 * A label as zone files have it (RFC 1035 section 5.1): a dot within it is `\.`, and what is not
 * printable ASCII is `\DDD`. So two names have the same text only if they differ in the case of letters alone.
 */
function labelText(label: Buffer): string {
  const text = label.toString('latin1');
  if (/^[A-Za-z0-9_-]+$/.test(text)) return text;
  return text.replace(/[^!-~]|[.\\]/g, (character) =>
    /[.\\]/.test(character)
      ? `\\${character}`
      : `\\${String(character.charCodeAt(0)).padStart(3, '0')}`,
  );
}
