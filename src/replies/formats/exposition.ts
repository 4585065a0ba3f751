import { version } from '../../../package.json';
import type { Metric, Report, Status } from '../../check/outcome.ts';
import { numberOf, type Perfdatum } from '../../check/perfdata.ts';

/** The metrics that blackbox_exporter has too, by its names. */
const blackboxNames: Readonly<Record<string, string>> = {
  time: 'probe_duration_seconds',
  lookup_time: 'probe_dns_lookup_time_seconds',
  zone_serial: 'probe_dns_serial',
  dns_query_succeeded: 'probe_dns_query_succeeded',
  dns_answer_records: 'probe_dns_answer_rrs',
  dns_authority_records: 'probe_dns_authority_rrs',
  dns_additional_records: 'probe_dns_additional_rrs',
  certificate_expiry: 'probe_ssl_earliest_cert_expiry',
  tls_version: 'probe_tls_version_info',
  tls_cipher: 'probe_tls_cipher_info',
};

/** Left out, since `certificate_expiry` is the same in Prometheus' own unit. */
const leftOut = new Set(['certificate_days']);

const units = { s: '_seconds', B: '_bytes', '%': '_percent', c: '_total' } as const;

const successes = { ok: 1, warning: 1, critical: 0, unknown: 0 } satisfies Record<Status, number>;

/** The samples of one name. */
interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly labels: Labels;
  /** A text, if JavaScript would change the number. */
  readonly value: number | string;
}

type Labels = Readonly<Record<string, string>>;

/**
 * A report, or all that it combines, in Prometheus' text format 0.0.4; each family appears once.
 * `labelsOf` gives labels for every sample of a report: Prometheus adds the target to a scrape itself,
 * but a file for node_exporter's textfile collector must name it. The check's name and its label join
 * them.
 */
export function exposition(
  report: Report,
  labelsOf: (part: Report) => Labels = () => ({}),
): string {
  const families = new Map<string, Family & { readonly samples: Sample[] }>();
  for (const part of report.parts ?? [report]) {
    const common = commonLabels(part, labelsOf(part));
    for (const { name, help, samples } of familiesOf(part)) {
      const family = families.get(name) ?? { name, help, samples: [] };
      families.set(name, family);
      for (const { labels, value } of samples) {
        family.samples.push({ labels: joined(common, labels), value });
      }
    }
  }
  return [...families.values(), buildInfo(commonLabels(report, labelsOf(report)))]
    .map(familyText)
    .join('');
}

function commonLabels({ name, label }: Report, labels: Labels): Labels {
  return {
    ...labels,
    ...(name !== undefined && { check: name }),
    ...(label !== undefined && { label }),
  };
}

function familyText({ name, help, samples }: Family): string {
  const type = name.endsWith('_total') ? 'counter' : 'gauge';
  const lines = samples.map(({ labels, value }) => line(name, labels, value));
  return [`# HELP ${name} ${onOneLine(help)}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

function familiesOf({ time, outcome }: Report): readonly Family[] {
  const { status, metrics = [], facts = [], perfdata = [], isDraining } = outcome;
  const families: Family[] = [
    one('probe_success', 'Whether the target works', successes[status]),
    {
      name: 'lbcheck_status',
      help: 'Whether the outcome has this status',
      samples: Object.keys(successes).map((word) => ({
        labels: { status: word },
        value: Number(word === status),
      })),
    },
    one('lbcheck_draining', 'Whether the drain file exists', Number(isDraining === true)),
    ...grouped([time, ...facts, ...metrics.filter(({ name }) => !leftOut.has(name))]),
  ];
  if (perfdata.length > 0) {
    families.push({
      name: 'lbcheck_perfdata',
      help: 'Performance data of the plugin',
      samples: perfdata.map((datum) => ({
        labels: { label: datum.label, unit: datum.unit },
        value: asWritten(datum),
      })),
    });
  }
  return families;
}

function buildInfo(labels: Labels): Family {
  return {
    name: 'lbcheck_build_info',
    help: 'The version of lbcheck',
    samples: [{ labels: { ...labels, version }, value: 1 }],
  };
}

/** A value as its plugin wrote it, or the format's word for a number that is not finite. */
function asWritten(datum: Perfdatum): string {
  const number = numberOf(datum);
  if (Number.isFinite(number)) return datum.value;
  return Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
}

function one(name: string, help: string, value: number): Family {
  return { name, help, samples: [{ labels: {}, value }] };
}

/** Metrics of one name belong together, whatever their labels. */
function grouped(metrics: readonly Metric[]): readonly Family[] {
  const families = new Map<string, Family>();
  for (const { name: metric, unit, help, labels = {}, value } of metrics) {
    const name =
      blackboxNames[metric] ?? `lbcheck_${metric}${unit === undefined ? '' : units[unit]}`;
    const samples = [...(families.get(name)?.samples ?? []), { labels, value }];
    families.set(name, { name, help, samples });
  }
  return [...families.values()];
}

/** Performance data have their own `label`, so the check's label is called `check_label` there. */
function joined(common: Labels, own: Labels): Labels {
  const { label, ...others } = common;
  if (label === undefined || own.label === undefined) return { ...common, ...own };
  return { ...others, check_label: label, ...own };
}

function line(name: string, labels: Labels, value: number | string): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${inQuotes(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

function onOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function inQuotes(text: string): string {
  return onOneLine(text).replaceAll('"', '\\"');
}
