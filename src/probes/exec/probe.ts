import { critical, type Outcome, type Status, unknown } from '../../check/outcome.ts';
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

function judge(end: ProgramResult, command: string): Outcome {
  switch (end.kind) {
    case 'late':
      return critical(`${command} did not end before the deadline`);
    case 'talkative':
      return unknown(`${command} printed more than a plugin does, and was ended`);
    case 'not-started':
      return unknown(`cannot run '${command}': ${reasons[end.code] ?? end.code}`);
    case 'ended':
      return judgeEnd(end, command);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program, or its interpreter is missing (ENOENT)',
  EACCES: 'it is not executable (EACCES)',
};

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
