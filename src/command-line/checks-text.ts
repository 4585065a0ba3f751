import { split } from 'shlex';

/** One line of a file of checks: a name, and a command line of lbcheck's own. */
export interface CheckLine {
  readonly line: number;
  readonly name: string;
  readonly args: readonly string[];
  /** The column at which each argument begins, from 1. */
  readonly columns: readonly number[];
}

/** One mistake in the file. Lines and columns count from 1. */
export interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Names that no check may have: these paths mean something else. */
const reservedNames = ['metrics', 'probe'];

const nameSyntax = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** One word as it is written, with its quotes. A quote that is never closed matches alone. */
const rawWord = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+|\S/g;

/**
 * Reads the text of a file of checks: one check a line, `#` comments, `'…'` and `"…"` quotes as in a
 * shell, nothing expanded. Returns every line that can be read, and all mistakes.
 */
export function readCheckLines(text: string): {
  readonly lines: readonly CheckLine[];
  readonly mistakes: readonly Mistake[];
} {
  const lines: CheckLine[] = [];
  const mistakes: Mistake[] = [];
  const seen = new Map<string, number>();
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const read = readLine(content, line);
    if (read === undefined) continue;
    if ('message' in read) {
      mistakes.push(read);
      continue;
    }
    const mistake = mistakeInName(read, seen.get(read.name));
    if (mistake !== undefined) {
      mistakes.push({ line, column: read.columns[0] ?? 1, message: mistake });
    } else {
      seen.set(read.name, line);
      lines.push({ ...read, columns: read.columns.slice(1) });
    }
  }
  return { lines, mistakes };
}

/** Undefined for a line without a check; the columns are those of the name and of the arguments. */
function readLine(content: string, line: number): CheckLine | Mistake | undefined {
  const words = [...content.matchAll(rawWord)];
  const comment = words.findIndex(([word]) => word.startsWith('#'));
  const kept = comment < 0 ? words : words.slice(0, comment);
  if (kept.length === 0) return undefined;
  const open = kept.find(([word]) => /^['"\\]$/.test(word));
  if (open) {
    const message = open[0] === '\\' ? 'nothing follows the \\' : `this ${open[0]} is never closed`;
    return { line, column: open.index + 1, message };
  }
  const [name = '', ...args] = kept.flatMap(([word]) => split(withPlainDollars(word)));
  return { line, name, args, columns: kept.map(({ index }) => index + 1) };
}

/** shlex reads `$'…'` as bash does; here a dollar is a dollar. */
function withPlainDollars(word: string): string {
  const part = /'[^']*'|"(?:[^"\\]|\\.)*"|\\.|\$(?=['"])/g;
  return word.replace(part, (text) => (text === '$' ? '\\$' : text));
}

function mistakeInName({ name }: CheckLine, earlier: number | undefined): string | undefined {
  if (!nameSyntax.test(name)) {
    const cleaned = name.slice(0, 80);
    return `name '${cleaned}' is invalid. Allowed are 1 to 64 letters, digits, _ . and -; the first is not . or -.`;
  }
  if (reservedNames.includes(name)) {
    return `name '${name}' is reserved. Allowed is any name except ${reservedNames.join(' and ')}.`;
  }
  return earlier === undefined ? undefined : `name '${name}' is already used in line ${earlier}`;
}
