// ECMA-48: control sequences (colours), control strings (titles, links) and the other escapes.
const sequences = [
  '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
  '\\x1b[P\\]X^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)',
  '\\x1b[ -/]*[0-~]',
];
const anySequence = new RegExp(sequences.join('|'), 'g');

/** Removes the sequences with which a program colours a terminal. */
export function withoutEscapes(text: string): string {
  return text.replace(anySequence, '');
}
