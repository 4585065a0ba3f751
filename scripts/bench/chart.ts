/** One measured contestant. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The value as text. */
  readonly label: string;
  /** True for lbcheck itself. */
  readonly isOurs: boolean;
}

export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** In pixels. */
const size = { width: 820, margin: 20, names: 250, labels: 90, title: 40, row: 28, bar: 18 };

/**
 * Panels of horizontal bars as an SVG; every bar starts at zero. It has a background, so that it can be
 * read on a light and on a dark page, also if the theme of the page is not that of the browser.
 */
export function chart(panels: readonly Panel[], description: string): string {
  const heights = panels.map(({ bars }) => size.title + bars.length * size.row + size.margin);
  const height = heights.reduce((sum, part) => sum + part, size.margin);
  const drawn = panels.map((panel, index) => {
    const top = heights.slice(0, index).reduce((sum, part) => sum + part, size.margin);
    return drawPanel(panel, top);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" \
width="${size.width}" height="${height}" role="img" aria-label="${escaped(description)}">
<style>
  text { font: 14px -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .page { fill: #ffffff; stroke: #d1d9e0 }
  .ours { fill: #1a7f37 }
  .theirs { fill: #818b98 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .page { fill: #0d1117; stroke: #3d444d }
    .ours { fill: #3fb950 }
    .theirs { fill: #656c76 }
  }
</style>
<rect class="page" x="0.5" y="0.5" width="${size.width - 1}" height="${height - 1}" rx="6"/>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const widest = size.width - 2 * size.margin - size.names - size.labels;
  const left = size.margin + size.names;
  const rows = bars.map(({ name, value, label, isOurs }, index) => {
    const middle = top + size.title + (index + 0.5) * size.row;
    const width = Math.max(1, (value / most) * widest);
    // Not every program that draws an SVG knows dominant-baseline.
    const text = `y="${middle + 5}"`;
    return `<text x="${left - 10}" ${text} text-anchor="end">${escaped(name)}</text>
<rect class="${isOurs ? 'ours' : 'theirs'}" x="${left}" y="${middle - size.bar / 2}" \
width="${width.toFixed(1)}" height="${size.bar}" rx="2"/>
<text x="${(left + width + 8).toFixed(1)}" ${text}>${escaped(label)}</text>`;
  });
  const heading = `<text class="title" x="${size.margin}" y="${top + 20}">${escaped(title)}</text>`;
  return [heading, ...rows].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
