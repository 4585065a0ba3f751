import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preferredType } from '../../../src/replies/http/accept.ts';

const [plain, health, json] = [
  'text/plain',
  'application/health+json',
  'application/json',
] as const;
const offer = [plain, health, json] as const;

describe('an Accept field', () => {
  test.each<[string, (typeof offer)[number]]>([
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
    // A parameter is part of the type.
    [`${json};version=2`, plain],
    ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', plain],
    [`image/png;a=",${json}"`, plain],
    [`image/png;a="\\",${json}"`, plain],
    [`image/png;a="x",${json}`, json],
    [`,,${json},`, json],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', plain],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', plain],
    // Malformed: no range at all.
    [`${json};q=-1`, plain],
    [`${json};q=a`, plain],
    ['application/json/x', plain],
    ['json', plain],
    ['application/', plain],
    ['/json', plain],
    ['application/js on', plain],
    ['"application/json"', plain],
    [`image/png;a="${json}`, plain],
    ['application/jsön', plain],
  ])('%j prefers %s', (accept, mediaType) => {
    expect(preferredType(offer, accept)).toBe(mediaType);
  });

  test('never throws, and always comes to something on offer', () => {
    const pieces = fc.constantFrom(...'"\\,;=/* q.01', json, plain, '*/*', ';q=', 'ü');
    const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (accept) => {
        expect(offer).toContain(preferredType(offer, accept));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['"', '"\\', '"a', ',', ';', '*/*,', 'a/b;', ';q=', 'a="\\",', ' ', '\t;', 'a/b;q=1;'])(
    'of a whole head of %j is read in no time',
    (piece) => {
      const accept = piece.repeat(8192 / piece.length);
      // The shortest of them: a busy machine makes the others longer.
      const milliseconds = Array.from({ length: 10 }, () => {
        const start = performance.now();
        preferredType(offer, accept);
        return performance.now() - start;
      });
      expect(Math.min(...milliseconds)).toBeLessThan(50);
    },
  );
});
