const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the bytes that a program printed: as UTF-8, and the lines that are not UTF-8 as Latin-1, so
 * that two names that differ in their bytes differ in the text.
 */
export function decode(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  return lines.map((line) => decodeUtf8(Buffer.from(line, 'latin1')) ?? line).join('\n');
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first `length` bytes or fewer: no UTF-8 character is cut in two. */
export function cutBytes(bytes: Buffer, length: number): Buffer {
  if (bytes.length <= length) return bytes;
  let end = length;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}
