/** The bytes of a name that is given as text, as zone files have it: `\.` and `\DDD` are one byte. */
export function encodeName(name: string): Buffer {
  const labels = name === '.' ? [] : (name.match(/(?:\\\d{3}|\\.|[^.\\])+/g) ?? []);
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label.replace(/\\(\d{3})|\\(.)/g, unescaped), 'latin1');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  return Buffer.concat([...parts, Buffer.alloc(1)]);
}

function unescaped(_escaped: string, code: string | undefined, character: string): string {
  return code === undefined ? character : String.fromCharCode(Number(code));
}

/** True for two texts of one name: letters compare without regard to case (RFC 4343). */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
