import { type Command, Option } from '@commander-js/extra-typings';
import type { DrainCode } from '../check/outcome.ts';
import { parseRange } from '../check/range.ts';
import { type Deadline, parseDeadline } from '../options/deadline.ts';
import { parseListenAddress } from '../options/listen-address.ts';
import { parseDrainCode, parseLabel, parsePath, secondsWithin } from '../options/values.ts';
import { replyForms } from '../replies/index.ts';

/** The values of the options that every probe has, when the command line does not give them; seconds. */
export const defaults = { timeout: 1.5, requestTimeout: 10, idleExit: 60, hold: 0 };

const parseRequestTimeout = secondsWithin(0.05, 300);
const parseIdleExit = secondsWithin(0.05, 86_400);
const parseHold = secondsWithin(0, 300);
const countVerbose = (_value: string, count: number) => Math.min(3, count + 1);

/** The groups of options in the help text. */
export const groups = {
  probe: 'Probe options:',
  answer: 'Answer options:',
  serving: 'Serving options:',
  other: 'Other options:',
};

/**
 * Declares the options that every probe has. After the command line is parsed, the returned function
 * gives their values, or calls `command.error` where they contradict.
 */
export function declareSharedOptions(command: Command) {
  const declared = command
    .addOption(
      new Option('-t, --timeout <SECONDS>', 'deadline of the probe')
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
    .addOption(
      new Option('--reply <FORM>', 'form of the answer (default: by who asks, see below)').choices(
        replyForms,
      ),
    )
    .option(
      '--request-timeout <SECONDS>',
      'deadline for the head of an HTTP request',
      parseRequestTimeout,
      defaults.requestTimeout,
    )
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
    )
    .optionsGroup(groups.serving)
    .option(
      '--listen <WHERE>',
      'stay, and answer all who connect: inetd, systemd, or [HOST]:PORT',
      parseListenAddress,
    )
    .option(
      '--idle-exit <SECONDS>',
      'with --listen inetd or systemd: leave when nobody asked for so long',
      parseIdleExit,
      defaults.idleExit,
    )
    .option(
      '--hold <SECONDS>',
      'with --listen: how old an answer may be that is given again',
      parseHold,
      defaults.hold,
    );

  return () => {
    const {
      listen: address,
      idleExit,
      reply: form,
      verbose: verbosity,
      timeout,
      ...options
    } = declared.opts();
    const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
    if (!address && isGiven('hold')) command.error('error: --hold needs --listen');
    if ((!address || address.kind === 'port') && isGiven('idleExit')) {
      command.error('error: --idle-exit needs --listen inetd or --listen systemd');
    }
    if (!options.drainFile && isGiven('drainCode')) {
      command.error('error: --drain-code needs --drain-file');
    }
    const { seconds, status: timeoutStatus } = timeout;
    const takesStatus = command.options.some(({ long }) => long === '--timeout-status');
    if (timeoutStatus && !takesStatus) {
      command.error('error: --timeout takes a status behind a colon for exec alone');
    }
    return {
      ...options,
      verbosity: Number(verbosity),
      ...{ timeout: seconds, timeoutStatus, form },
      listen: address && { address, idleExit },
    };
  };
}
