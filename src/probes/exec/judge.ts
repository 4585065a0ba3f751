import { cutText } from '../../check/cut-text.ts';
import { type Outcome, unknown } from '../../check/outcome.ts';
import type { ProgramResult } from '../../system/subprocess.ts';
import { withoutEscapes } from './escapes.ts';
import { type ExitCodes, statusOf } from './exit-codes.ts';
import { readPluginOutput } from './output.ts';

/** A program that has ended. */
type Ended = Extract<ProgramResult, { kind: 'ended' }>;

/**
 * The longest summary of an output that was cut, in characters: a note about the cut must fit behind it.
 */
const maxCutSummary = 900;

/** Makes the outcome from the end and the output of a command. */
export function judge(end: Ended, command: string, exitCodes: ExitCodes | undefined): Outcome {
  const { summary: firstLine, perfdata, details } = readPluginOutput(end.stdout, end.isCut);
  const status = statusOf(end.by, firstLine, exitCodes);
  const complaint = withoutEscapes(end.stderr).trim();
  const isSilent = end.stdout.trim() === '';
  const ended = `${command} ${howItEnded(end)}`;

  if (status === undefined) return unknown(withReason(ended, complaint || firstLine));
  if (isSilent && exitCodes !== 'command') {
    return unknown(withReason(`${command} printed nothing (exit code ${end.by})`, complaint));
  }
  let summary = firstLine || (isSilent ? ended : 'performance data alone');
  if (status === 'critical' && exitCodes === 'command') {
    summary = withReason(ended, complaint || firstLine);
  } else if (status === 'critical' && end.by === 1) {
    summary = withReason(`${ended}, without the word WARN`, firstLine);
  }
  return {
    status,
    summary: end.isCut ? `${cutText(summary, maxCutSummary)} (${cutNote})` : summary,
    ...(perfdata.length > 0 && { perfdata }),
    ...(details.length > 0 && { details }),
  };
}

const cutNote = 'cut: it printed more than 64 KiB';

/** Such as `ended with exit code 2`. */
export function howItEnded({ by }: Pick<Ended, 'by'>): string {
  return typeof by === 'number' ? `ended with exit code ${by}` : `ended by ${by}`;
}

function withReason(text: string, reason: string): string {
  return reason === '' ? text : `${text}: ${reason}`;
}
