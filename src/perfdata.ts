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

/** `'label'=value[unit];[warning];[critical];[minimum];[maximum]`, with a quote in a label doubled. */
const syntax =
  /^(?:'((?:[^'=]|'')+)'|([^\s'=]+))=(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)([A-Za-zµ%]{0,10})((?:;[^\s;]*){0,4})$/;

/**
 * Reads performance data (Monitoring Plugins guidelines, section "Performance data"). What does not
 * keep to the syntax, and `U` for a value that could not be told, is left out.
 */
export function parsePerfdata(text: string): readonly Perfdatum[] {
  const data = new Map<string, Perfdatum>();
  for (const [part] of text.matchAll(/(?:'(?:[^']|'')*'|[^\s'])+/g)) {
    const [, quoted, plain, value, unit = '', rest = ''] =
      syntax.exec(part.replace(/;+$/, '')) ?? [];
    const label = quoted?.replaceAll("''", "'") ?? plain;
    if (label === undefined || !Number.isFinite(Number(value))) continue;
    const [, warning, critical, minimum, maximum] = rest.split(';');
    data.set(label, {
      ...{ label, value: Number(value), unit },
      ...{ warning: textOf(warning), critical: textOf(critical) },
      ...{ minimum: numberOf(minimum), maximum: numberOf(maximum) },
    });
  }
  return [...data.values()];
}

const textOf = (text = '') => (text === '' ? undefined : text);

function numberOf(text = ''): number | undefined {
  return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
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

function quoted(label: string): string {
  const plain = label.replace(/[|=\x00-\x1f\x7f]+/g, '_');
  return /[\s']/.test(plain) ? `'${plain.replaceAll("'", "''")}'` : plain;
}

/** A decimal number with a point, never with an exponent. */
function decimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}
