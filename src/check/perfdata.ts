/** One value of a plugin's performance data, in its own name and unit. */
export interface Perfdatum {
  readonly label: string;
  readonly value: number;
  /** Unit of measurement: s, us, ms, %, B, KB, MB, TB, c, or none. */
  readonly unit: string;
  /** Thresholds, in the plugin range grammar. */
  readonly warning?: string | undefined;
  readonly critical?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

// Each of these reads hostile text in linear time: no two parts of one can take the same characters.
const number = '-?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?';
const range = `@?(?:(?:~|${number}):)?(?:${number})?`;
/** What blanks outside of quotes part. A quote that nothing closes reaches to the end of its line. */
const item = /(?:'[^'\n]*'?|[^\s'])+/g;
/** `'label'=measured;limits`, with a quote in a label doubled. */
const itemSyntax =
  /^(?:'((?:[^'=\x00-\x1f\x7f-\x9f\u2028\u2029]|'')+)'|([^\s'=\x00-\x1f\x7f-\x9f]+))=([^;]*)(?:;(.*))?$/;
const measuredSyntax = new RegExp(`^(${number})([A-Za-zµμ%]{0,10})$`);
const rangeSyntax = new RegExp(`^${range}$`);
const numberSyntax = new RegExp(`^${number}$`);

/**
 * Reads performance data (Monitoring Plugins guidelines, section "Performance data"). What does not
 * keep to the syntax, and `U` for a value that could not be told, is left out.
 */
export function parsePerfdata(text: string): readonly Perfdatum[] {
  const data = new Map<string, Perfdatum>();
  for (const [part] of text.matchAll(item)) {
    const [, quoted, plain, measured = '', limits = ''] = itemSyntax.exec(part) ?? [];
    const label = quoted?.replaceAll("''", "'") ?? plain;
    const [, value, unit = ''] = measuredSyntax.exec(measured) ?? [];
    if (label === undefined || !Number.isFinite(Number(value))) continue;
    const [warning, critical, minimum, maximum] = limits.split(';');
    data.set(label, {
      ...{ label, value: Number(value), unit },
      ...{ warning: rangeOf(warning), critical: rangeOf(critical) },
      ...{ minimum: numberOf(minimum), maximum: numberOf(maximum) },
    });
  }
  return [...data.values()];
}

function rangeOf(text = ''): string | undefined {
  return text !== '' && rangeSyntax.test(text) ? text : undefined;
}

function numberOf(text = ''): number | undefined {
  const value = numberSyntax.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Writes performance data, limits at its end left out where there are none. */
export function formatPerfdata(data: readonly Perfdatum[]): string {
  return data.map(formatOne).join(' ');
}

function formatOne({ label, value, unit, ...limits }: Perfdatum): string {
  const { warning = '', critical = '', minimum, maximum } = limits;
  const bounds = [minimum, maximum].map((bound) => (bound === undefined ? '' : decimal(bound)));
  const tail = [warning, critical, ...bounds].join(';').replace(/;+$/, '');
  const measured = `${quoted(label)}=${decimal(value)}${unit}`;
  return tail === '' ? measured : `${measured};${tail}`;
}

/** The bar began performance data; a second one would begin it once more. */
function quoted(label: string): string {
  const plain = label.replaceAll('|', '_');
  return /[\s']/.test(plain) ? `'${plain.replaceAll("'", "''")}'` : plain;
}

/** A decimal number to nine places, never with an exponent: the guidelines have none. */
function decimal(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return value.toFixed(9).replace(/\.?0+$/, '');
}
