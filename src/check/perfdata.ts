/** One value of a plugin's performance data. Every number is the text that the plugin wrote. */
export interface Perfdatum {
  readonly label: string;
  /** A number, or `U` for a value that the plugin could not determine. */
  readonly value: string;
  /** Unit of measurement, such as s, ms, %, MB, c, b/s, °C; may be empty. */
  readonly unit: string;
  /** Thresholds, in the plugin range grammar. */
  readonly warning?: string | undefined;
  readonly critical?: string | undefined;
  readonly minimum?: string | undefined;
  readonly maximum?: string | undefined;
}

// All of these read hostile text in linear time: no two parts of one can match the same characters.
const number = '-?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?';
const range = `@?(?:(?:~|${number}):)?(?:${number})?`;
// In a unit, a digit must follow a letter or ^ (m3). 0x10, 1.2.3 and 1,5s have no unit.
const unit =
  '(?![xX][\\da-fA-F]|[eE][+-])[\\p{L}\\p{Sc}\\p{So}%‰/](?:[\\p{L}\\p{M}\\p{No}\\p{Sc}\\p{So}%‰/·×*^()._-]|(?<=[\\p{L}^])\\d){0,19}';
/**
 * The text between two blanks; a blank in quotes does not count. A quote that is never closed ends with
 * its line.
 */
const item = /(?:'[^'\n]*'?|[^\s'])+/g;
/** `'label'=measured;limits`, with a quote in a label doubled. */
const itemSyntax =
  /^(?:'((?:[^'=\x00-\x1f\x7f-\x9f\u2028\u2029]|'')+)'|([^\s'=\x00-\x1f\x7f-\x9f]+))=([^;]*)(?:;(.*))?$/;
let compiled: RegExp | undefined;
/** Compiled when it is first used: its classes of letters take a millisecond. */
function measuredSyntax(): RegExp {
  compiled ??= new RegExp(`^(?:(${number})(${unit})?|U)$`, 'u');
  return compiled;
}
const rangeSyntax = new RegExp(`^${range}$`);
const numberSyntax = new RegExp(`^${number}$`);

/**
 * Reads performance data (Monitoring Plugins guidelines, section "Performance data"). What does not
 * follow the syntax is left out.
 */
export function parsePerfdata(text: string): readonly Perfdatum[] {
  const data = new Map<string, Perfdatum>();
  for (const [part] of text.matchAll(item)) {
    const [, quoted, plain, measured = '', limits = ''] = itemSyntax.exec(part) ?? [];
    const label = quoted?.replaceAll("''", "'") ?? plain;
    const [all, value = 'U', unit = ''] = measuredSyntax().exec(measured) ?? [];
    if (label === undefined || all === undefined) continue;
    const [warning, critical, minimum, maximum] = limits.split(';');
    data.set(label, {
      ...{ label, value, unit },
      ...{ warning: ifValid(rangeSyntax, warning), critical: ifValid(rangeSyntax, critical) },
      ...{ minimum: ifValid(numberSyntax, minimum), maximum: ifValid(numberSyntax, maximum) },
    });
  }
  return [...data.values()];
}

function ifValid(syntax: RegExp, text = ''): string | undefined {
  return text !== '' && syntax.test(text) ? text : undefined;
}

/** A value as a number: NaN for `U`, and infinite when it is too large. */
export function numberOf({ value }: Perfdatum): number {
  return value === 'U' ? Number.NaN : Number(value);
}

/** Writes performance data. If the last limits are missing, their semicolons are left out. */
export function formatPerfdata(data: readonly Perfdatum[]): string {
  return data.map(formatOne).join(' ');
}

function formatOne({ label, value, unit, ...limits }: Perfdatum): string {
  const { warning = '', critical = '', minimum = '', maximum = '' } = limits;
  const tail = [warning, critical, minimum, maximum].join(';').replace(/;+$/, '');
  const measured = `${quoted(label)}=${value}${unit}`;
  return tail === '' ? measured : `${measured};${tail}`;
}

/** A label in quotes if it needs them, and without bars, since a bar begins performance data. */
function quoted(label: string): string {
  const plain = label.replaceAll('|', '_');
  return /[\s']/.test(plain) ? `'${plain.replaceAll("'", "''")}'` : plain;
}

/** A number with nine decimal places at most, and without an exponent: the guidelines have none. */
export function decimal(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return value.toFixed(9).replace(/\.?0+$/, '');
}
