const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** Seconds in their two largest units, rounded down: `5h 12m`, `2d`, `0s`. */
export function formatDuration(seconds: number): string {
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    if (rest >= size && parts.length < 2) parts.push(`${Math.floor(rest / size)}${unit}`);
    else if (parts.length > 0) break;
    rest %= size;
  }
  return parts.join(' ') || '0s';
}
