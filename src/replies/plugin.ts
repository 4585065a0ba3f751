import type { Metric, Report, Status } from '../check/outcome.ts';
import { decimal, formatPerfdata, type Perfdatum } from '../check/perfdata.ts';
import type { Reply } from './reply.ts';

const statusWords = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
} satisfies Record<Status, string>;

/**
 * One line, or more with `--verbose`, and the exit codes of the Monitoring Plugins guidelines, section
 * "Plugin Output".
 */
export const plugin: Reply = {
  exitCodes: { ok: 0, warning: 1, critical: 2, unknown: 3 },
  readRequest: async () => ({ kind: 'accepted', requested: { path: '/' }, render: lines }),
};

/**
 * The first line, and the lines of `--verbose`. None of them may hold a bar, since a bar begins perfdata.
 */
function lines(report: Report): string {
  const more = (report.lines ?? []).map((text) => `${withoutBar(text)}\n`);
  return [`${firstLine(report)}\n`, ...more].join('');
}

const withoutBar = (text: string) => text.replaceAll('|', '/');

function firstLine({ probe, time, outcome }: Report): string {
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const word = statusWords[status];
  const text = `${probe.toUpperCase()} ${word} - ${withoutBar(withoutWord(word, summary))}`;
  // If the check could not be made, lbcheck has measured nothing; a plugin that it ran may have.
  const isMeasured = status !== 'unknown' && !isDraining;
  const measured = isMeasured ? [time, ...metrics].map(perfdatumOf) : [];
  // If a plugin has its own `time`, it is kept: the user's graphs continue with it.
  const kept = measured.filter(({ label }) => !perfdata.some((other) => other.label === label));
  const data = formatPerfdata([...kept, ...perfdata]);
  return data === '' ? text : `${text} | ${data}`;
}

/** Removes the status from the beginning of a plugin's summary: the line shows it already. */
function withoutWord(word: string, summary: string): string {
  const rest = summary.startsWith(word)
    ? /^\s*[-:]\s+(\S.*)$/s.exec(summary.slice(word.length))
    : null;
  return rest?.[1] ?? summary;
}

function perfdatumOf({
  name,
  labels = {},
  unit,
  value,
  minimum,
  maximum,
  ...rest
}: Metric): Perfdatum {
  // Without characters that Icinga 2 takes for the end of a prefix, or that need quotes.
  const label = [name, ...Object.values(labels)].join('_').replace(/[^\w.-]+/g, '_');
  return {
    ...{ label, unit: unit ?? '', warning: rest.warning, critical: rest.critical },
    // Rounded to the microsecond: more digits are noise.
    value: decimal(Math.round(value * 1e6) / 1e6),
    minimum: minimum === undefined ? undefined : decimal(minimum),
    maximum: maximum === undefined ? undefined : decimal(maximum),
  };
}
