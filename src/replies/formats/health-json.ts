import type { Metric, Report, Status } from '../../check/outcome.ts';
import { numberOf, type Perfdatum } from '../../check/perfdata.ts';

const statusWords = {
  ok: 'pass',
  warning: 'warn',
  critical: 'fail',
  unknown: 'fail',
} satisfies Record<Status, string>;

/** What was observed of a component (draft-inadarei-api-health-check-06, section 4). */
interface Observed {
  readonly observedValue: number | string;
  readonly observedUnit?: string;
  readonly status?: string;
  /** What a person should know (section 4.8). */
  readonly output?: string;
}

interface Observation extends Observed {
  readonly componentId: string;
  readonly componentType: 'component';
  readonly time: string;
}

/**
 * A report as one line of health+json (draft-inadarei-api-health-check-06, section 3). It has `output`
 * for `pass` too, so that a reader always finds it.
 */
export function healthDocument(report: Report): string {
  const { status, summary } = report.outcome;
  const checks: Record<string, Observation[]> = {};
  for (const part of report.parts ?? [report]) addObservations(checks, part);
  const description = [report.probe, subjectOf(report)].join(' ').trim();
  return `${JSON.stringify({ status: statusWords[status], description, output: summary, checks })}\n`;
}

const subjectOf = ({ label, target }: Report) => label ?? target;

/** The component is the check's name in a file of checks, or else its probe. */
function addObservations(checks: Record<string, Observation[]>, report: Report): void {
  const { probe, name: component = probe, startedAt, time, outcome } = report;
  const subject = subjectOf(report);
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const add = (name: string, componentId: string, observed: Observed) => {
    const key = `${component}:${name}`;
    const common = { componentId, componentType: 'component' } as const;
    checks[key] ??= [];
    checks[key].push({ ...common, ...observed, time: startedAt.toISOString() });
  };
  const measure = (name: string, { value, unit, labels = {} }: Metric) => {
    add(name, Object.values(labels).join(' ') || subject, measured(value, unit));
  };

  const observed = isDraining ? 'drain' : status;
  const output = report.name === undefined ? {} : { output: summary };
  add('status', subject, { observedValue: observed, status: statusWords[status], ...output });
  if (status !== 'unknown' && !isDraining) measure('responseTime', time);
  for (const metric of metrics) measure(camelCase(metric.name), metric);
  for (const datum of perfdata) {
    add('perfdata', datum.label, measured(asWritten(datum), datum.unit));
  }
}

/** A value of a plugin as a number, or as its text if JSON would change the number. */
function asWritten(datum: Perfdatum): number | string {
  const number = numberOf(datum);
  const isChanged = /^-?\d+$/.test(datum.value) && !Number.isSafeInteger(number);
  return Number.isFinite(number) && !isChanged ? number : datum.value;
}

/** A counter has no unit. */
function measured(value: number | string, unit = ''): Observed {
  const hasUnit = unit !== '' && unit !== 'c';
  return { observedValue: value, ...(hasUnit && { observedUnit: unit }) };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
