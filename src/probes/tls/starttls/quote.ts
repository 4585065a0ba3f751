/** The most of a server's words that a summary shows. */
const maxQuoted = 100;

/** What a server sent, in a form that may be shown: printable, short, in quotation marks. */
export function quote(words: string): string {
  const text = words.replace(/[^ -~]+/g, ' ').trim();
  return `"${text.length > maxQuoted ? `${text.slice(0, maxQuoted)}...` : text}"`;
}
