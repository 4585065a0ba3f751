import { formatDuration } from '../check/duration.ts';
import { type HistoryRecorder, stateOf } from '../check/history.ts';
import type { Report } from '../check/outcome.ts';
import type { LogFormat } from './log-settings.ts';

/** One thing that happened to a resident. The JSON form has its fields unchanged. */
export interface LogEvent {
  readonly event: 'listening' | 'status' | 'suppressed' | 'reload' | 'reload-failed' | 'end';
  /** The line of the text form. */
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Writes events, one line each. Never rejects and never throws. */
export type Log = (event: LogEvent) => void;

/** A log that hands its lines, without line ends, to `write`. */
export function formatLog(format: LogFormat, write: (line: string) => void): Log {
  return ({ event, message, fields = {} }) => {
    const line =
      format === 'text'
        ? message
        : JSON.stringify({ time: new Date().toISOString(), event, ...fields, message });
    write(line.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' '));
  };
}

/** How many lines a minute are written for one check; the others are counted. */
const maxLinesPerMinute = 10;

/** Watches the runs of one check, and writes a line at each change of its state. */
export function logChanges(
  name: string,
  history: HistoryRecorder,
  log: Log,
): (report: Report) => Report {
  let previous: { readonly state: string; readonly since: number } | undefined;
  const limited = limitLines(name, log);
  return (report) => {
    const { history: changes, hasChanged } = history.record(report);
    if (hasChanged) {
      const now = performance.now();
      const held = previous && { ...previous, held: now - previous.since };
      limited(changeEvent(name, report, held), stateOf(report));
      previous = { state: stateOf(report), since: now };
    }
    return { ...report, history: changes };
  };
}

interface Previous {
  readonly state: string;
  /** Milliseconds. */
  readonly held: number;
}

function changeEvent(name: string, report: Report, previous: Previous | undefined): LogEvent {
  const state = stateOf(report);
  const { summary } = report.outcome;
  const after = previous ? ` after ${formatDuration(previous.held / 1000)} ${previous.state}` : '';
  return {
    event: 'status',
    message: `${name} ${state}${after}: ${summary}`,
    fields: {
      ...{ check: name, status: state, reason: summary },
      ...(previous && {
        previous: previous.state,
        heldSeconds: Math.round(previous.held / 1000),
      }),
    },
  };
}

/** Passes on the first lines of each minute, and at its end a line with the number of those left out. */
function limitLines(name: string, log: Log): (event: LogEvent, state: string) => void {
  let written = 0;
  let left = 0;
  let state = '';
  let isWithinMinute = false;
  const endMinute = () => {
    isWithinMinute = false;
    if (left > 0) {
      log({
        event: 'suppressed',
        message: `${name} ${state}: and ${left} more changes`,
        fields: { check: name, status: state, changes: left },
      });
    }
    written = 0;
    left = 0;
  };
  return (event, newState) => {
    state = newState;
    if (!isWithinMinute) setTimeout(endMinute, 60_000).unref();
    isWithinMinute = true;
    if (written < maxLinesPerMinute) {
      written += 1;
      log(event);
    } else left += 1;
  };
}
