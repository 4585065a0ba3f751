import type { Command } from '@commander-js/extra-typings';
import type { DrainCode } from '../check/outcome.ts';
import { parseRange } from '../check/range.ts';
import { type Deadline, parseDeadline } from '../options/deadline.ts';
import { parseDrainCode, parseLabel, parsePath, secondsWithin } from '../options/values.ts';
import { groups } from './groups.ts';
import { declareServingOptions, isGiven, longName, servingDefaults } from './serving-options.ts';

/** The values of the options that every probe has, when the command line does not give them; seconds. */
export const defaults = { ...servingDefaults, timeout: 1.5, hold: 0 };

const parseHold = secondsWithin(0, 300);
const countVerbose = (_value: string, count: number) => Math.min(3, count + 1);

/** Where the command line of a probe comes from: from the user, or from a line of a file of checks. */
export type ArgumentSource = 'command-line' | 'file';

/** These options belong on the command line of `serve`, once for all checks of the file. */
const servingOptions = ['listen', 'idleExit', 'reply', 'requestTimeout', 'logFormat', 'log'];

/**
 * Declares the options that every probe has. After the command line is parsed, the returned function
 * gives their values, or calls `command.error` if they contradict each other.
 */
export function declareSharedOptions(command: Command, source: ArgumentSource) {
  const declared = command
    .addOption(
      command
        .createOption('-t, --timeout <SECONDS>', 'deadline of the probe')
        .argParser(parseDeadline)
        .default({ seconds: defaults.timeout } as Deadline, `${defaults.timeout}`),
    )
    .option('-w, --warning <RANGE>', 'warning by the response time in seconds', parseRange)
    .option('-c, --critical <RANGE>', 'critical by the response time in seconds', parseRange)
    .optionsGroup(groups.answer)
    .option(
      '--label <TEXT>',
      'what the check is called, instead of its target and zones',
      parseLabel,
    )
    .option('-v, --verbose', 'show each step; -vv and -vvv show more', countVerbose, 0)
    .option(
      '--drain-file <PATH>',
      'while this file exists nothing is probed: 503, CRITICAL, drain',
      parsePath,
    )
    .option(
      '--drain-code <CODE>',
      'HTTP status meanwhile: 404 for disable-on-404 (choices: 503, 404)',
      parseDrainCode,
      503 as DrainCode,
    );
  const serving = declareServingOptions(command);
  const declaredHold = command.addOption(
    command
      .createOption(
        '--hold <SECONDS>',
        'with --listen: how old an answer may be that is given again',
      )
      .argParser(parseHold)
      .default(defaults.hold),
  );

  return () => {
    const misplaced = servingOptions.find((option) => isGiven(command, option));
    if (source === 'file' && misplaced !== undefined) {
      command.error(
        `error: ${longName(misplaced)} stands on the command line of lbcheck serve alone`,
      );
    }
    const { hold, verbose, timeout, drainFile, ...options } = {
      ...declared.opts(),
      ...declaredHold.opts(),
    };
    const settings = serving();
    if (!settings.listen && source === 'command-line' && isGiven(command, 'hold')) {
      command.error('error: --hold needs --listen');
    }
    if (drainFile === undefined && isGiven(command, 'drainCode')) {
      command.error('error: --drain-code needs --drain-file');
    }
    const { seconds, status: timeoutStatus } = timeout;
    const takesStatus = command.options.some(({ long }) => long === '--timeout-status');
    if (timeoutStatus && !takesStatus) {
      command.error('error: --timeout takes a status behind a colon for exec alone');
    }
    return {
      limits: { ...options, timeout: seconds, timeoutStatus, verbosity: Number(verbose) },
      settings: { ...settings, drainFile, hold },
    };
  };
}
