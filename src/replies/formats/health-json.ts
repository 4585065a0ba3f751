import type { Metric, Report, Status } from '../../check/outcome.ts';

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
  for (const { label, value, unit } of perfdata) add('perfdata', label, measured(value, unit));
  const description = [probe, subject].join(' ').trim();
  return `${JSON.stringify({ status: statusWords[status], description, output: summary, checks })}\n`;
}

/** A counter has no unit. */
function measured(value: number, unit = ''): Observed {
  const hasUnit = unit !== '' && unit !== 'c';
  return { observedValue: value, ...(hasUnit && { observedUnit: unit }) };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
