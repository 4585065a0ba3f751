/** The most of a server's text that a summary shows. */
const maxQuoted = 100;

/** What a server sent, in a form that may be shown: printable, short, in quotation marks. */
export function quote(plain: string): string {
  const text = plain.replace(/[^ -~]+/g, ' ').trim();
  return `"${text.length > maxQuoted ? `${text.slice(0, maxQuoted)}...` : text}"`;
}
