import { critical, type Outcome, type Status, unknown } from '../../check/outcome.ts';
import { startFailure } from '../../system/start-failure.ts';
import { type ProgramResult, runProgram } from '../../system/subprocess.ts';
import { readPluginOutput } from './output.ts';

/** One run of a plugin. */
export interface ExecCheck {
  /** A path, or a name in PATH. */
  readonly command: string;
  readonly args: readonly string[];
}

/** Runs a plugin and takes its word: exit code, first line and performance data. */
export async function probeExec(check: ExecCheck, signal: AbortSignal): Promise<Outcome> {
  return judge(await runProgram(check.command, check.args, signal), check.command);
}

/** The plugin return codes of the Monitoring Plugins guidelines. */
const statuses: readonly Status[] = ['ok', 'warning', 'critical', 'unknown'];

const stillAlive = ', and could not be killed: a part of it runs as another user (sudo)';

function judge(end: ProgramResult, command: string): Outcome {
  switch (end.kind) {
    case 'late':
      return critical(`${command} did not end before the deadline${end.isAlive ? stillAlive : ''}`);
    case 'not-started':
      return unknown(`cannot run '${command}': ${startFailure(command, end.code)}`);
    case 'ended':
      return judgeEnd(end, command);
  }
}

function judgeEnd(end: Extract<ProgramResult, { kind: 'ended' }>, command: string): Outcome {
  const { by, stdout, stderr } = end;
  const complaint = stderr.trim();
  const said = complaint === '' ? '' : `: ${complaint}`;
  const status = typeof by === 'number' ? statuses[by] : undefined;
  const { summary, perfdata } = readPluginOutput(stdout);
  if (status === undefined) {
    const how = typeof by === 'number' ? `with exit code ${by}` : `by ${by}`;
    return unknown(`${command} ended ${how}${said || (summary && `: ${summary}`)}`);
  }
  if (stdout.trim() === '') return unknown(`${command} printed nothing (exit code ${by})${said}`);
  const args = summary || 'performance data alone';
  return { status, summary: args, ...(perfdata.length > 0 && { perfdata }) };
}
