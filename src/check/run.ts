import { callByLabel, concealer } from './conceal.ts';
import { runUnderDeadline, type TimedOutcome } from './deadline.ts';
import {
  critical,
  type DrainCode,
  type Metric,
  type Outcome,
  type Report,
  unknown,
  type Variant,
} from './outcome.ts';
import type { AimedProbe, Probe } from './probe.ts';
import { alerts, type Range } from './range.ts';
import { bounded, collectSteps, type Steps } from './trace.ts';

/** A probe with its deadline and thresholds. */
export interface Check extends AimedProbe {
  /** The probe's name. */
  readonly name: string;
  /** The deadline, in seconds. */
  readonly timeout: number;
  /** Thresholds on the response time in seconds. */
  readonly warning?: Range | undefined;
  readonly critical?: Range | undefined;
  /** The name of the check in replies, instead of its target and its names. */
  readonly label?: string | undefined;
  readonly variant?: Variant | undefined;
  /** How much is shown besides the summary: 0 for nothing, 1 to 3 for a level of the trace. */
  readonly verbosity?: number | undefined;
  /** The HTTP status while the drain file exists. */
  readonly drainCode?: DrainCode | undefined;
}

/** Runs a probe under its deadline. Never rejects: what a bug throws becomes `unknown`. */
export async function run(check: Check): Promise<Report> {
  const startedAt = new Date();
  const start = process.hrtime.bigint();
  const steps = stepsFor(check);
  const probe: Probe = steps ? (signal) => check.probe(signal, steps.trace) : check.probe;
  const { outcome: found, lostSeconds } = await runUnderDeadline(probe, check.timeout).catch(
    (error): TimedOutcome => ({ outcome: bug(error), lostSeconds: 0 }),
  );
  const seconds = found.seconds ?? Number(process.hrtime.bigint() - start) / 1e9;
  // Time in which this process was held up does not count against the target.
  const judged = judgeTime(found, Math.max(0, seconds - lostSeconds), check);
  const outcome = withLabel(judged, check);
  return {
    probe: check.name,
    target: check.target,
    label: check.label,
    variant: check.variant,
    startedAt,
    time: time(seconds, check),
    outcome: { ...outcome, summary: oneLine(outcome.summary) },
    lines: steps && linesOf([...(found.details ?? []), ...steps.lines], check),
  };
}

/** Raw messages contain the names in another form, and a label cannot hide them there. */
function stepsFor({ verbosity = 0, label, names = [] }: Check): Steps | undefined {
  const limit = label !== undefined && names.length > 0 ? 2 : 3;
  return verbosity > 0 ? collectSteps(Math.min(verbosity, limit)) : undefined;
}

function linesOf(lines: readonly string[], { label, names = [] }: Check): readonly string[] {
  const hide = label === undefined ? (line: string) => line : concealer(label, names);
  return bounded(lines).map((line) => oneLine(hide(line)));
}

function withLabel(outcome: Outcome, { label, names = [] }: Check): Outcome {
  return label === undefined ? outcome : callByLabel(outcome, label, names);
}

/** The response time, a metric of every probe. */
function time(value: number, check: Check): Metric {
  return {
    name: 'time',
    value,
    unit: 's',
    help: 'Time that the check took',
    warning: check.warning?.text,
    critical: check.critical?.text,
    minimum: 0,
    maximum: check.timeout,
  };
}

/** What a bug throws, as an outcome. */
export function bug(error: unknown): Outcome {
  return unknown(`bug in lbcheck: ${error instanceof Error ? error.message : String(error)}`);
}

/** A target that works is judged by its response time too. */
function judgeTime(outcome: Outcome, seconds: number, check: Check): Outcome {
  if (outcome.status !== 'ok') return outcome;
  const took = `${outcome.summary}; response time ${seconds.toFixed(3)} s`;
  if (check.critical && alerts(check.critical, seconds)) {
    return { ...outcome, ...critical(`${took}, critical at ${check.critical.text}`) };
  }
  if (check.warning && alerts(check.warning, seconds)) {
    return { ...outcome, status: 'warning', summary: `${took}, warning at ${check.warning.text}` };
  }
  return outcome;
}

/** The longest summary, in characters: a target cannot make an answer longer. */
const maxSummaryLength = 1000;

/**
 * Makes one line of any text. Control characters, line separators, and halves of surrogate pairs (which
 * are not valid in JSON) are removed.
 */
function oneLine(text: string): string {
  const line = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
  const short = line.length > maxSummaryLength ? `${line.slice(0, maxSummaryLength - 3)}...` : line;
  return short.replace(/[\ud800-\udfff]/gu, '');
}
