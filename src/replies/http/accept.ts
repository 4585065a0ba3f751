/** One media range of an Accept field (RFC 9110 section 12.5.1), in lower case. */
interface MediaRange {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

/** How much an Accept field likes a media type: the first difference decides. */
interface Liking {
  readonly quality: number;
  /** 2 for a range with its very name, 1 for `type/*`, 0 for the range of all. */
  readonly exactness: number;
  /** The place of that range in the field. */
  readonly place: number;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const mediaRange = new RegExp(`^(${token})/(${token})$`);
const weightSyntax = /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;

/**
 * The media type, of those on `offer`, that an Accept field's value likes best. RFC 9110 leaves open
 * what follows where it likes several as much: as usual, the one that is named most exactly, then
 * first. The first on `offer` where there is no field, and where it likes none.
 */
export function preferred<T extends string>(
  offer: readonly [T, ...T[]],
  accept: string | undefined,
): T {
  if (accept === undefined) return offer[0];
  const ranges = splitOutsideQuotes(accept, ',').flatMap(readRange);
  let best = offer[0];
  let most: Liking = { quality: 0, exactness: 0, place: 0 };
  for (const mediaType of offer) {
    const liking = likingFor(mediaType, ranges);
    if (liking && difference(liking, most) > 0) [best, most] = [mediaType, liking];
  }
  return best;
}

function difference(a: Liking, b: Liking): number {
  return a.quality - b.quality || a.exactness - b.exactness || b.place - a.place;
}

/** By the most exact range that matches: `type/subtype`, then `type/*`, then the one for all. */
function likingFor(mediaType: string, ranges: readonly MediaRange[]): Liking | undefined {
  const [type, subtype] = mediaType.split('/');
  for (const [exactness, wantedType, wantedSubtype] of [
    [2, type, subtype],
    [1, type, '*'],
    [0, '*', '*'],
  ] as const) {
    const place = ranges.findIndex(
      (known) => known.type === wantedType && known.subtype === wantedSubtype,
    );
    const range = ranges[place];
    if (range) return range.quality > 0 ? { quality: range.quality, exactness, place } : undefined;
  }
  return undefined;
}

/**
 * A range that cannot be read is none, and one with parameters is of a type that is not offered. What
 * follows the weight is no matter (accept-ext of RFC 7231 section 5.3.2).
 */
function readRange(text: string): readonly MediaRange[] {
  const [range = '', parameter] = splitOutsideQuotes(text, ';');
  const [, type, subtype] = mediaRange.exec(range.trim().toLowerCase()) ?? [];
  if (type === undefined || subtype === undefined) return [];
  if (parameter === undefined) return [{ type, subtype, quality: 1 }];
  const [, weight] = weightSyntax.exec(parameter) ?? [];
  return weight === undefined ? [] : [{ type, subtype, quality: Number(weight) }];
}

const partsBetween = {
  ',': /(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^,"])+/g,
  ';': /(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^;"])+/g,
};

/** A quoted string (RFC 9110 section 5.6.4) that nothing closes reaches to the end. */
function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] {
  return text.match(partsBetween[separator]) ?? [];
}
