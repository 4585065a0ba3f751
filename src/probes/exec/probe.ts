import { type Outcome, type Status, unknown } from '../../check/outcome.ts';
import type { Trace } from '../../check/trace.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
import { startFailure } from '../../system/start-failure.ts';
import { runProgram } from '../../system/subprocess.ts';
import { pluginEnvironment } from './environment.ts';
import { withoutEscapes } from './escapes.ts';
import type { ExitCodes } from './exit-codes.ts';
import { howItEnded, judge } from './judge.ts';

/** One run of a plugin. */
export interface ExecCheck {
  /** A path, or a name in PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** How exit codes are read; if undefined, the first line decides what exit code 1 means. */
  readonly exitCodes?: ExitCodes | undefined;
  /** The status of a plugin that is killed at the deadline; critical by default. */
  readonly timeoutStatus?: Status | undefined;
}

/**
 * Runs a plugin, and reads its exit code, first line and performance data. The trace never shows its
 * arguments, since they may hold a password.
 */
export async function probeExec(
  check: ExecCheck,
  signal: AbortSignalLike,
  trace?: Trace,
): Promise<Outcome> {
  const { command, args, exitCodes, timeoutStatus = 'critical' } = check;
  const given = args.length === 1 ? '1 argument' : `${args.length} arguments`;
  trace?.(1, () => `runs ${command} with ${given}`);
  const end = await runProgram(command, args, signal, pluginEnvironment(process.env));
  if (end.kind === 'ended') {
    trace?.(1, () => `${command} ${howItEnded(end)}`);
    const hasComplained = end.stderr.trim() !== '';
    if (hasComplained) trace?.(2, () => `its stderr: ${withoutEscapes(end.stderr).trim()}`);
    return judge(end, command, exitCodes);
  }
  const outcome =
    end.kind === 'late'
      ? { status: timeoutStatus, summary: `${command} did not end before the deadline` }
      : unknown(`cannot run '${command}': ${startFailure(command, end.code)}`);
  trace?.(1, () => outcome.summary);
  const isAlive = end.kind === 'late' && end.isAlive;
  return isAlive ? { ...outcome, summary: `${outcome.summary}${stillAlive}` } : outcome;
}

const stillAlive = ', and could not be killed: a part of it runs as another user (sudo)';
