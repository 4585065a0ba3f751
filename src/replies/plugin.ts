import type { Metric, Report, Status } from '../outcome.ts';
import type { Reply } from '../reply.ts';

const words = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
} satisfies Record<Status, string>;

/** One line and the exit code of the Monitoring Plugins guidelines, section "Plugin Output". */
export const plugin: Reply = {
  exitCodes: { ok: 0, warning: 1, critical: 2, unknown: 3 },
  hear: async () => ({ kind: 'ask', say: line }),
};

/** The bar begins perfdata, so that none may stand in the text; a check not made measured nothing. */
function line({ probe, time, outcome }: Report): string {
  const { status, summary, metrics = [] } = outcome;
  const text = `${probe.toUpperCase()} ${words[status]} - ${summary.replaceAll('|', '/')}`;
  if (status === 'unknown') return `${text}\n`;
  return `${text} | ${[time, ...metrics].map(performance).join(' ')}\n`;
}

/** `label=value[unit];[warning];[critical];[minimum];[maximum]`, section "Performance data". */
function performance(metric: Metric): string {
  const { value, unit = '', warning = '', critical = '', minimum = '', maximum = '' } = metric;
  const limits = [warning, critical, minimum, maximum].join(';').replace(/;+$/, '');
  const measured = `${label(metric)}=${decimal(value)}${unit}`;
  return limits === '' ? measured : `${measured};${limits}`;
}

/** Without what a label may not hold, or Icinga 2 takes for a prefix: quotes, signs, blanks, colons. */
function label({ name, labels = {} }: Metric): string {
  return [name, ...Object.values(labels)].join('_').replace(/[^\w.-]+/g, '_');
}

/** A decimal number with a point, never with an exponent. */
function decimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '');
}
