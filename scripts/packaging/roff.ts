/** Text for roff (groff_man(7)): backslashes, and dashes that a reader may copy, are kept. */
export const roffText = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq');

/** A paragraph's text on separate lines, none of which looks like a request of roff. */
export function fill(text: string): string {
  const lines: string[] = [];
  for (const sentence of text.trim().split(/(?<=[.:;!?]\)?) +(?=\S)/))
    lines.push(...wrap(sentence));
  return lines.map((line) => line.replace(/^(?=[.']|\\\(aq)/, '\\&')).join('\n');
}

function wrap(sentence: string): readonly string[] {
  const lines = [''];
  for (const word of sentence.split(/\s+/)) {
    const last = lines.pop() ?? '';
    if (last === '') lines.push(word);
    else if (last.length + word.length < 78) lines.push(`${last} ${word}`);
    else lines.push(last, word);
  }
  return lines;
}

/** Markdown within a line: code and strong text become bold, links their text. */
export function inline(markdown: string): string {
  const parts = markdown.split(/(`[^`]+`|\*\*[^*]+\*\*|!?\[[^\]]*\]\([^)]*\))/);
  return parts
    .map((part) => {
      const [, code] = /^`(.+)`$/.exec(part) ?? [];
      if (code !== undefined) return `\\fB${roffText(code)}\\fR`;
      const [, strong] = /^\*\*(.+)\*\*$/.exec(part) ?? [];
      if (strong !== undefined) return `\\fB${roffText(strong)}\\fR`;
      const [, label = '', url = ''] = /^!?\[(.*)\]\((.*)\)$/.exec(part) ?? [];
      if (url.startsWith('http')) return `${inline(label)} <${roffText(url)}>`;
      return label === '' ? roffText(part) : inline(label);
    })
    .join('');
}

/** Lines without changes, indented. */
export const example = (lines: readonly string[]) =>
  ['.PP', '.RS 4', '.nf', ...lines.map(literal), '.fi', '.RE'].join('\n');

const literal = (line: string) => roffText(line).replace(/^(?=[.']|\\\(aq)/, '\\&');

/** An entry of a list: its term, then what it means. Both are roff. */
export const entry = (term: string, description: string) =>
  description === '' ? `.TP\n${term}\n\\&` : `.TP\n${term}\n${fill(description)}`;

export const heading = (level: 'SH' | 'SS', text: string) =>
  `.${level} ${level === 'SH' ? roffText(text.toUpperCase()) : roffText(text)}`;
