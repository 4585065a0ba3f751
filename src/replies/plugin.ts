import type { Metric, Report, Status } from '../check/outcome.ts';
import { formatPerfdata, type Perfdatum } from '../check/perfdata.ts';
import type { Reply } from './reply.ts';

const statusWords = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
} satisfies Record<Status, string>;

/** One line, or more by `--verbose`, and the exit code of the Monitoring Plugins guidelines, section "Plugin Output". */
export const plugin: Reply = {
  exitCodes: { ok: 0, warning: 1, critical: 2, unknown: 3 },
  readRequest: async () => ({ kind: 'accepted', requested: { path: '/' }, render: lines }),
};

/** The first line, and those that the user wants to see. A bar would begin perfdata, in each of them. */
function lines(report: Report): string {
  const more = (report.lines ?? []).map((text) => `${withoutBar(text)}\n`);
  return [`${firstLine(report)}\n`, ...more].join('');
}

const withoutBar = (text: string) => text.replaceAll('|', '/');

/** A check not made measured nothing. */
function firstLine({ probe, time, outcome }: Report): string {
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const text = `${probe.toUpperCase()} ${statusWords[status]} - ${withoutBar(summary)}`;
  if (status === 'unknown' || isDraining) return text;
  const measured = [time, ...metrics].map(perfdatumOf);
  // What a plugin calls time is what its graphs go on with.
  const own = measured.filter(({ label }) => !perfdata.some((other) => other.label === label));
  return `${text} | ${formatPerfdata([...own, ...perfdata])}`;
}

function perfdatumOf({ name, labels = {}, unit, value, ...rest }: Metric): Perfdatum {
  // Without what Icinga 2 takes for a prefix, and what needs quotes.
  const label = [name, ...Object.values(labels)].join('_').replace(/[^\w.-]+/g, '_');
  // To the microsecond: what is finer is noise.
  return { ...rest, label, unit: unit ?? '', value: Math.round(value * 1e6) / 1e6 };
}
