import type { Metric, Outcome } from './outcome.ts';

/**
 * The outcome of a check that has a label. Its summary begins with the label, and the label replaces
 * every name that must not be shown (a zone's name may be a customer's key). If there are several names,
 * the first becomes `LABEL/1`.
 */
export function callByLabel(outcome: Outcome, label: string, names: readonly string[]): Outcome {
  const hide = concealer(label, names);
  const hideInLabels = (metric: Metric): Metric =>
    metric.labels ? { ...metric, labels: mapValues(metric.labels, hide) } : metric;
  const { metrics, facts } = outcome;
  const summary = hide(outcome.summary);
  return {
    ...outcome,
    summary: summary.startsWith(`${label}:`) ? summary : `${label}: ${summary}`,
    ...(metrics && { metrics: metrics.map(hideInLabels) }),
    ...(facts && { facts: facts.map(hideInLabels) }),
  };
}

/** Makes a function that replaces each of the names in a text, in upper or lower case. */
export function concealer(label: string, names: readonly string[]): (text: string) => string {
  const substitutes = names.map((name, index) => ({
    name: new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'gi'),
    length: name.length,
    substitute: names.length === 1 ? label : `${label}/${index + 1}`,
  }));
  // The longest name first: one zone may be part of another.
  substitutes.sort((a, b) => b.length - a.length);
  return (text) =>
    substitutes.reduce((rest, { name, substitute }) => rest.replace(name, () => substitute), text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
