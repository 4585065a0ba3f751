import type { Metric, Report, Status } from '../check/outcome.ts';
import { decimal, formatPerfdata, type Perfdatum } from '../check/perfdata.ts';
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

function firstLine({ probe, time, outcome }: Report): string {
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const word = statusWords[status];
  const text = `${probe.toUpperCase()} ${word} - ${withoutBar(withoutWord(word, summary))}`;
  // A check that could not be made has measured nothing; its plugin may have.
  const isMeasured = status !== 'unknown' && !isDraining;
  const measured = isMeasured ? [time, ...metrics].map(perfdatumOf) : [];
  // What a plugin calls time is what its graphs go on with.
  const own = measured.filter(({ label }) => !perfdata.some((other) => other.label === label));
  const data = formatPerfdata([...own, ...perfdata]);
  return data === '' ? text : `${text} | ${data}`;
}

/** The reason that a plugin gives may begin with its status, which stands before it already. */
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
  // Without what Icinga 2 takes for a prefix, and what needs quotes.
  const label = [name, ...Object.values(labels)].join('_').replace(/[^\w.-]+/g, '_');
  return {
    ...{ label, unit: unit ?? '', warning: rest.warning, critical: rest.critical },
    // To the microsecond: what is finer is noise.
    value: decimal(Math.round(value * 1e6) / 1e6),
    minimum: minimum === undefined ? undefined : decimal(minimum),
    maximum: maximum === undefined ? undefined : decimal(maximum),
  };
}
