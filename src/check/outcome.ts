import type { History } from './history.ts';
import type { Perfdatum } from './perfdata.ts';

/** The four statuses of the Monitoring Plugins guidelines, from best to worst. */
export type Status = 'ok' | 'warning' | 'critical' | 'unknown';

/** A number for a machine. Durations are in seconds; `c` marks a counter. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit?: 's' | 'B' | '%' | 'c';
  readonly help: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Thresholds, in the plugin range grammar. */
  readonly warning?: string | undefined;
  readonly critical?: string | undefined;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** HAProxy's `disable-on-404` takes 404 for "no new sessions", and 503 for a failure. */
export type DrainCode = 503 | 404;

/** What a probe found: decided once, never judged again by a reply. */
export interface Outcome {
  readonly status: Status;
  /** One sentence for a person. */
  readonly summary: string;
  readonly metrics?: readonly Metric[];
  /** Only for time series: moments in Unix seconds, and names as labels of a metric with the value 1. */
  readonly facts?: readonly Metric[];
  /** The performance data of a plugin that was run. */
  readonly perfdata?: readonly Perfdatum[];
  /** What it printed after its first line: at most 40 lines, without control characters. */
  readonly details?: readonly string[];
  /** True when the target was not asked because it shall get no new work. */
  readonly isDraining?: boolean;
  /** The HTTP status for this; 503 if undefined. */
  readonly drainCode?: DrainCode | undefined;
  /** How long the target took, in seconds, if the probe took longer. */
  readonly seconds?: number;
}

/** What distinguishes a check from other checks of the same target. */
export interface Variant {
  /** As on the command line, such as `dnsbl.example.org --max-age 2h`; may be empty. */
  readonly text: string;
  /** Arguments that may hold passwords: never shown. */
  readonly secret?: string | undefined;
}

/** One finished run of a probe. */
export interface Report {
  /** The probe's name, such as `rbl`. */
  readonly probe: string;
  /** What was asked, such as `127.0.0.1:53`. */
  readonly target: string;
  /** The user's name for the check, which is shown instead of its target. */
  readonly label?: string | undefined;
  /** What distinguishes it from other checks of the same target. */
  readonly variant?: Variant | undefined;
  readonly startedAt: Date;
  /** How long the run took, in seconds, with the user's thresholds. */
  readonly time: Metric;
  readonly outcome: Outcome;
  /** The lines after the summary, for a user who wants to see more. */
  readonly lines?: readonly string[] | undefined;
  /** The name of the check in a file of checks. */
  readonly name?: string;
  /** The last changes of the check, if a resident serves it. */
  readonly history?: History;
  /** The reports that this one combines. */
  readonly parts?: readonly Report[];
}

/** The check could not be made: nothing is known about the target. */
export function unknown(summary: string): Outcome {
  return { status: 'unknown', summary };
}

/** The target was asked and failed. */
export function critical(summary: string): Outcome {
  return { status: 'critical', summary };
}

const gravity = { ok: 0, warning: 1, unknown: 2, critical: 3 } satisfies Record<Status, number>;

/**
 * The graver status of two parts of one check: a failure that was seen is graver than a part that could
 * not be checked.
 */
export function graver(a: Status, b: Status): Status {
  return gravity[a] >= gravity[b] ? a : b;
}
