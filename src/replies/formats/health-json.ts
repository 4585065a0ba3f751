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
}

interface Observation extends Observed {
  readonly componentId: string;
  readonly componentType: 'component';
  readonly time: string;
}

/**
 * A report as one line of health+json (draft-inadarei-api-health-check-06, section 3). The output
 * stands there for `pass` too, so that a reader always finds it.
 */
export function healthDocument(report: Report): string {
  const { probe, startedAt, time, outcome } = report;
  const subject = report.label ?? report.target;
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const checks: Record<string, Observation[]> = {};
  const add = (name: string, componentId: string, observed: Observed) => {
    const key = `${probe}:${name}`;
    const component = { componentId, componentType: 'component' } as const;
    checks[key] ??= [];
    checks[key].push({ ...component, ...observed, time: startedAt.toISOString() });
  };
  const measure = (name: string, { value, unit, labels = {} }: Metric) => {
    add(name, Object.values(labels).join(' ') || subject, measured(value, unit));
  };

  const observed = isDraining ? 'drain' : status;
  add('status', subject, { observedValue: observed, status: statusWords[status] });
  if (status !== 'unknown' && !isDraining) measure('responseTime', time);
  for (const metric of metrics) measure(camelCase(metric.name), metric);
  for (const datum of perfdata) {
    add('perfdata', datum.label, measured(asWritten(datum), datum.unit));
  }
  const description = [probe, subject].join(' ').trim();
  return `${JSON.stringify({ status: statusWords[status], description, output: summary, checks })}\n`;
}

/** A value of a plugin as a number, or as its text where a number in JSON would be another one. */
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
