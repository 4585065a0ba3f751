import type { Status } from '../../check/outcome.ts';

/** How an exit code is read: as a plugin's, or as that of a command that knows success and failure alone. */
export type ExitCodes = 'plugin' | 'command';

/** The exit codes of the Monitoring Plugins guidelines. */
const statuses: readonly Status[] = ['ok', 'warning', 'critical', 'unknown'];

/** WARN or WARNING as a word, as every plugin of monitoring-plugins says it. */
const warningWord = /(?<!\p{L})WARN(?:ING)?(?!\p{L})/u;

/**
 * The status that an end means; undefined for what no plugin ends with. Exit code 1 is a warning for a
 * plugin and a failure for most commands: without a choice of the user the first line decides.
 */
export function statusOf(
  by: number | NodeJS.Signals,
  firstLine: string,
  exitCodes: ExitCodes | undefined,
): Status | undefined {
  if (exitCodes === 'command') return by === 0 ? 'ok' : 'critical';
  if (by === 1 && exitCodes === undefined && !warningWord.test(firstLine)) return 'critical';
  return typeof by === 'number' ? statuses[by] : undefined;
}
