/** A Markdown table. On a terminal each column is as wide as its widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) => pad(cells[column] ?? '', width, column));
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) => pad(column ? ':' : '', width, column, '-'));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Names on the left, figures on the right. */
function pad(cell: string, width: number, column: number, filler = ' '): string {
  return column === 0 ? cell.padEnd(width, filler) : cell.padStart(width, filler);
}
