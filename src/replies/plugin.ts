import type { Metric, Report, Status } from '../check/outcome.ts';
import { formatPerfdata, type Perfdatum } from '../check/perfdata.ts';
import type { Reply } from './reply.ts';

const statusWords = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
} satisfies Record<Status, string>;

/** One line and the exit code of the Monitoring Plugins guidelines, section "Plugin Output". */
export const plugin: Reply = {
  exitCodes: { ok: 0, warning: 1, critical: 2, unknown: 3 },
  readRequest: async () => ({ kind: 'accepted', requested: { path: '/' }, render: line }),
};

/** The bar begins perfdata, so that none may stand in the text; a check not made measured nothing. */
function line({ probe, time, outcome }: Report): string {
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const text = `${probe.toUpperCase()} ${statusWords[status]} - ${summary.replaceAll('|', '/')}`;
  if (status === 'unknown' || isDraining) return `${text}\n`;
  const measured = [time, ...metrics].map(perfdatumOf);
  // What a plugin calls time is what its graphs go on with.
  const own = measured.filter(({ label }) => !perfdata.some((other) => other.label === label));
  return `${text} | ${formatPerfdata([...own, ...perfdata])}\n`;
}

function perfdatumOf({ name, labels = {}, unit, value, ...rest }: Metric): Perfdatum {
  // Without what Icinga 2 takes for a prefix, and what needs quotes.
  const label = [name, ...Object.values(labels)].join('_').replace(/[^\w.-]+/g, '_');
  // To the microsecond: what is finer is noise.
  return { ...rest, label, unit: unit ?? '', value: Math.round(value * 1e6) / 1e6 };
}
