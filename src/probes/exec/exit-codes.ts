import type { Status } from '../../check/outcome.ts';

/** How an exit code is read: as a plugin's, or as a command's, which only knows success and failure. */
export type ExitCodes = 'plugin' | 'command';

/** The exit codes of the Monitoring Plugins guidelines. */
const statuses: readonly Status[] = ['ok', 'warning', 'critical', 'unknown'];

/** As a word, as every plugin of monitoring-plugins prints it; in a French locale they translate it. */
const warningWord = /(?<!\p{L})(?:WARN(?:ING)?|AVERTISSEMENT)(?!\p{L})/u;

/**
 * The status that an exit code means; undefined for a code that plugins do not have. Exit code 1 is a
 * warning for a plugin, but a failure for most commands: if the user does not choose, the first line
 * decides.
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
