/** One media range of an Accept field (RFC 9110 section 12.5.1), in lower case. */
interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const mediaRange = new RegExp(`^(${token})/(${token})$`);
/** A parameter, its value a token or a quoted string; of those, `q` alone counts here. */
const parameter = new RegExp(`^\\s*(${token})\\s*=\\s*(${token}|"(?:[^"\\\\]|\\\\.)*")\\s*$`);
const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * The media type, of those on `offer`, that an Accept field's value likes best; the first of them
 * where it likes several as much, where there is no field, and where it likes none.
 */
export function preferred<T extends string>(
  offer: readonly [T, ...T[]],
  accept: string | undefined,
): T {
  if (accept === undefined) return offer[0];
  const ranges = splitOutsideQuotes(accept, ',').flatMap(readRange);
  let best = offer[0];
  let bestQuality = 0;
  for (const mediaType of offer) {
    const quality = qualityOf(mediaType, ranges);
    if (quality > bestQuality) [best, bestQuality] = [mediaType, quality];
  }
  return best;
}

/** By the most specific range that matches: `type/subtype`, then `type/*`, then the one for all. */
function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const [type, subtype] = mediaType.split('/');
  for (const [wantedType, wantedSubtype] of [
    [type, subtype],
    [type, '*'],
    ['*', '*'],
  ]) {
    const range = ranges.find(
      (known) => known.type === wantedType && known.subtype === wantedSubtype,
    );
    if (range) return range.quality;
  }
  return 0;
}

/** A range that cannot be read, or with other parameters than its weight, is none. */
function readRange(text: string): readonly MediaRange[] {
  const [range = '', ...parameters] = splitOutsideQuotes(text, ';');
  const [, type, subtype] = mediaRange.exec(range.trim().toLowerCase()) ?? [];
  if (type === undefined || subtype === undefined) return [];
  let quality = 1;
  for (const each of parameters) {
    const [, name = '', value = ''] = parameter.exec(each) ?? [];
    if (name.toLowerCase() !== 'q' || !weight.test(value)) return [];
    quality = Number(value);
  }
  return [{ type, subtype, quality }];
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] {
  const parts = text.match(new RegExp(`(?:"(?:[^"\\\\]|\\\\.)*"|[^${separator}])+`, 'g'));
  return parts ?? [];
}
