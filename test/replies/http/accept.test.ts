import fc from 'fast-check';
import Negotiator from 'negotiator';
import { describe, expect, test } from 'vitest';
import { preferred } from '../../../src/replies/http/accept.ts';

const [plain, health, json] = [
  'text/plain',
  'application/health+json',
  'application/json',
] as const;
const offer = [plain, health, json] as const;

describe('an Accept field', () => {
  test.each<[string | undefined, (typeof offer)[number]]>([
    [undefined, plain],
    ['', plain],
    ['*/*', plain],
    [json, json],
    [health, health],
    [`${health}, */*`, health],
    [`${json}, ${plain}, */*`, json],
    [`${plain}, ${json}, */*`, plain],
    [`*/*, ${json}`, json],
    ['application/*', health],
    [`application/*, ${json}`, json],
    ['APPLICATION/JSON', json],
    [` ${json} `, json],
    [`${json};q=0.5, ${plain};q=0.4`, json],
    [`${json};q=0.5, ${plain};q=0.6`, plain],
    [`${json};q=0.5, */*;q=0.6`, plain],
    [`${json};Q=1.000`, json],
    [`${json} ; q=1`, json],
    [`${json};q=0`, plain],
    [`${plain};q=0, ${json}`, json],
    [`${plain};q=0, */*`, health],
    ['*/*;q=0', plain],
    ['image/png', plain],
    // What follows the weight is of no matter, what comes before it is part of the type.
    [`${json};q=0.5;b=1`, json],
    [`${json};version=2`, plain],
    ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', plain],
    [`image/png;a=",${json}"`, plain],
    [`image/png;a="\\",${json}"`, plain],
    [`image/png;a="x",${json}`, json],
    [`,,${json},`, json],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', plain],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', plain],
    // Malformed: no range at all.
    [`${json};q=2`, plain],
    [`${json};q=0.0001`, plain],
    [`${json};q=`, plain],
    [`${json};q=-1`, plain],
    [`${json};q=a`, plain],
    ['application/json/x', plain],
    ['json', plain],
    ['application/', plain],
    ['/json', plain],
    ['application/js on', plain],
    ['*/json', plain],
    ['"application/json"', plain],
    [`image/png;a="${json}`, plain],
    ['application/jsön', plain],
  ])('%j prefers %s', (accept, mediaType) => {
    expect(preferred(offer, accept)).toBe(mediaType);
  });

  const weight = fc.option(fc.constantFrom('0', '1', '0.5', '0.25', '.', '0.333', '1.0', '0.'));
  const range = fc
    .tuple(
      fc.constantFrom(...offer, 'text/*', 'application/*', '*/*', 'image/png', 'TEXT/Plain'),
      weight.filter((text) => text !== '.'),
      fc.constantFrom('', ' ', '\t'),
    )
    .map(([mediaType, q, blank]) => ({
      mediaType,
      text: q === null ? mediaType : `${mediaType}${blank};${blank}q=${q}`,
    }));
  const field = fc
    .uniqueArray(range, {
      minLength: 1,
      maxLength: 7,
      selector: ({ mediaType }) => mediaType.toLowerCase(),
    })
    .map((ranges) => ranges.map(({ text }) => text).join(', '));

  test('is read as the library negotiator reads it', () => {
    fc.assert(
      fc.property(field, (accept) => {
        const [best = plain] = new Negotiator({ headers: { accept } }).mediaTypes([...offer]);
        expect(preferred(offer, accept)).toBe(best);
      }),
      { numRuns: 2000 },
    );
  });

  test('never throws, and always comes to something on offer', () => {
    const pieces = fc.constantFrom(...'"\\,;=/* q.01', json, plain, '*/*', ';q=', 'ü');
    const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (accept) => {
        expect(offer).toContain(preferred(offer, accept));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['"', '"\\', '"a', ',', ';', '*/*,', 'a/b;', ';q=', 'a="\\",', ' ', '\t;', 'a/b;q=1;'])(
    'of a whole head of %j is read in no time',
    (piece) => {
      const accept = piece.repeat(8192 / piece.length);
      const start = performance.now();
      for (let count = 0; count < 10; count += 1) preferred(offer, accept);
      expect(performance.now() - start).toBeLessThan(500);
    },
  );
});
