import type { Report, Status } from './outcome.ts';

/** The state of a check, as the log and the page show it: its status, or that it is drained. */
export type CheckState = Status | 'drained';

/** When a check changed to a state. */
export interface StateChange {
  readonly state: CheckState;
  readonly at: Date;
  /** The summary of the first report in this state. */
  readonly summary: string;
}

/** The last changes of one check, the latest first. Empty before the first report. */
export type History = readonly StateChange[];

/** How many changes are remembered. */
const maxChanges = 20;

/** The state that a report shows. */
export function stateOf({ outcome }: Report): CheckState {
  return outcome.isDraining ? 'drained' : outcome.status;
}

/** Remembers the changes of one check. */
export interface HistoryRecorder {
  /** Adds a finished run. Returns the history, and whether the state changed. */
  record(report: Report): { readonly history: History; readonly hasChanged: boolean };
}

/** Makes a recorder for one check. It holds no changes yet. */
export function recordHistory(): HistoryRecorder {
  let history: History = [];
  return {
    record(report) {
      const state = stateOf(report);
      const hasChanged = history[0]?.state !== state;
      if (hasChanged) {
        const change = { state, at: new Date(), summary: report.outcome.summary };
        history = [change, ...history].slice(0, maxChanges);
      }
      return { history, hasChanged };
    },
  };
}
