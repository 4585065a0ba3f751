import { type Outcome, type Status, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import { startFailure } from '../../system/start-failure.ts';
import { type ProgramResult, runProgram } from '../../system/subprocess.ts';
import { pluginEnvironment } from './environment.ts';
import { withoutEscapes } from './escapes.ts';
import { type ExitCodes, statusOf } from './exit-codes.ts';
import { readPluginOutput } from './output.ts';

/** One run of a plugin. */
export interface ExecCheck {
  /** A path, or a name in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** How exit codes are read; undefined where the plugin's first line decides on exit code 1. */
  readonly exitCodes?: ExitCodes | undefined;
  /** The status of a plugin that is killed at the deadline; critical by default. */
  readonly timeoutStatus?: Status | undefined;
}

/** Runs a plugin and takes its word: exit code, first line and performance data. */
export async function probeExec(
  check: ExecCheck,
  signal: AbortSignal,
  trace?: Trace,
): Promise<Outcome> {
  const { command, args, timeoutStatus = 'critical' } = check;
  // An argument may be a password.
  trace?.(1, () => `runs ${command} with ${args.length} arguments`);
  const end = await runProgram(command, args, signal, pluginEnvironment(process.env));
  trace?.(1, () => `${command}: ${end.kind === 'ended' ? endOf(end) : end.kind}`);
  if (end.kind === 'ended') trace?.(2, () => `its stderr: ${withoutEscapes(end.stderr).trim()}`);
  switch (end.kind) {
    case 'late': {
      const summary = `${command} did not end before the deadline${end.isAlive ? stillAlive : ''}`;
      return { status: timeoutStatus, summary };
    }
    case 'not-started':
      return unknown(`cannot run '${command}': ${startFailure(command, end.code)}`);
    case 'ended':
      return judge(end, check);
  }
}

const endOf = ({ by }: Ended) =>
  typeof by === 'number' ? `ended with exit code ${by}` : `ended by ${by}`;

const stillAlive = ', and could not be killed: a part of it runs as another user (sudo)';

type Ended = Extract<ProgramResult, { kind: 'ended' }>;

function judge(end: Ended, { command, exitCodes }: ExecCheck): Outcome {
  const { summary: firstLine, perfdata, details } = readPluginOutput(end.stdout, end.isCut);
  const status = statusOf(end.by, firstLine, exitCodes);
  const ended = `${command} ${endOf(end)}`;
  const complaint = withoutEscapes(end.stderr).trim();
  const because = withReason(complaint || firstLine);

  if (status === undefined) return unknown(`${ended}${because}`);
  const isSilent = end.stdout.trim() === '';
  if (isSilent && exitCodes !== 'command') {
    return unknown(`${command} printed nothing (exit code ${end.by})${because}`);
  }
  const isFailure = status === 'critical';
  let summary = firstLine || (isSilent ? ended : 'performance data alone');
  if (isFailure && exitCodes === 'command') summary = `${ended}${because}`;
  else if (isFailure && end.by === 1)
    summary = `${ended}, without the word WARN${withReason(firstLine)}`;
  return {
    status,
    summary: end.isCut ? `${summary.slice(0, 900)} (cut: it printed more than 64 KiB)` : summary,
    ...(perfdata.length > 0 && { perfdata }),
    ...(details.length > 0 && { details }),
  };
}

const withReason = (reason: string) => (reason === '' ? '' : `: ${reason}`);
