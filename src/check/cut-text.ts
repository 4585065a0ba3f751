/** The beginning of a text, without half of a character: half of a surrogate pair is no valid JSON. */
export function cutText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}
