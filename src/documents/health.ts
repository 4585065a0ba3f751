import type { Metric, Report, Status } from '../outcome.ts';

const words = {
  ok: 'pass',
  warning: 'warn',
  critical: 'fail',
  unknown: 'fail',
} satisfies Record<Status, string>;

/** One measurement (draft-inadarei-api-health-check-06, section 4). */
interface Observation {
  readonly componentId: string;
  readonly observedValue: number | string;
  readonly observedUnit?: string;
  readonly status?: string;
  readonly time: string;
}

/**
 * A report as one line of health+json (draft-inadarei-api-health-check-06, section 3). The output
 * stands there for `pass` too, so that a reader always finds it.
 */
export function healthDocument(report: Report): string {
  const { probe, target, startedAt, time, outcome } = report;
  const { status, summary, metrics = [], perfdata = [], isDraining } = outcome;
  const moment = { time: startedAt.toISOString() };
  const checks: Record<string, Observation[]> = {};
  const add = (name: string, observation: Observation) => {
    const key = `${probe}:${name}`;
    checks[key] = [...(checks[key] ?? []), observation];
  };
  const measure = (name: string, { value, unit, labels = {} }: Metric) => {
    const observedUnit = unit !== undefined && unit !== 'c' ? { observedUnit: unit } : {};
    const componentId = Object.values(labels).join(' ') || target;
    add(name, { componentId, observedValue: value, ...observedUnit, ...moment });
  };

  const word = isDraining ? 'drain' : status;
  add('status', { componentId: target, observedValue: word, status: words[status], ...moment });
  if (status !== 'unknown' && !isDraining) measure('responseTime', time);
  for (const metric of metrics) measure(camelCase(metric.name), metric);
  for (const { label, value, unit } of perfdata) {
    const observedUnit = unit === '' ? {} : { observedUnit: unit };
    add('perfdata', { componentId: label, observedValue: value, ...observedUnit, ...moment });
  }
  const description = [probe, target].join(' ').trim();
  return `${JSON.stringify({ status: words[status], description, output: summary, checks })}\n`;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
