import type { Command } from '@commander-js/extra-typings';
import { parseListenAddress } from '../options/listen-address.ts';
import { secondsWithin } from '../options/values.ts';
import { type ReplyForm, replyForms } from '../replies/index.ts';
import { type LogFormat, type LogOutput, logFormats, logOutputs } from '../serve/log-settings.ts';
import type { ListenOptions } from '../serve/resident/index.ts';
import { groups } from './groups.ts';

/** How clients are served, whatever is checked. */
export interface ServingSettings {
  /** Undefined when the kind of client decides. */
  readonly form: ReplyForm | undefined;
  /** Deadline for the head of an HTTP request, in seconds. */
  readonly requestTimeout: number;
  /** Undefined for one client on stdin and stdout. */
  readonly listen: ListenOptions | undefined;
  readonly logFormat: LogFormat;
  /** Undefined when the kind of socket decides. */
  readonly logOutput: LogOutput | undefined;
}

/** The values of these options when the command line does not give them; seconds. */
export const servingDefaults = { requestTimeout: 10, idleExit: 60, logFormat: 'text' as const };

const parseDeadline = secondsWithin(0.05, 300);
const parseIdleExit = secondsWithin(0.05, 86_400);

/**
 * Declares the options for how clients are served. After the command line is parsed, the returned
 * function gives their values, or calls `command.error` if they contradict each other.
 */
export function declareServingOptions(command: Command): () => ServingSettings {
  const declared = command
    .optionsGroup(groups.answer)
    .addOption(
      command
        .createOption('--reply <FORM>', 'form of the answer (default: by who asks, see below)')
        .choices(replyForms),
    )
    .option(
      '--request-timeout <SECONDS>',
      'deadline for the head of an HTTP request',
      parseDeadline,
      servingDefaults.requestTimeout,
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
      servingDefaults.idleExit,
    )
    .addOption(
      command
        .createOption(
          '--log-format <FORMAT>',
          'with --listen: how changes of the status are logged',
        )
        .choices(logFormats)
        .default(servingDefaults.logFormat),
    )
    .addOption(
      command
        .createOption(
          '--log <OUTPUT>',
          'with --listen: where they are logged (default: stderr; with inetd syslog)',
        )
        .choices(logOutputs),
    );

  return () => {
    const { listen: address, idleExit, reply: form, requestTimeout, ...log } = declared.opts();
    for (const option of ['logFormat', 'log']) {
      if (!address && isGiven(command, option)) {
        command.error(`error: ${longName(option)} needs --listen`);
      }
    }
    if ((!address || address.kind === 'port') && isGiven(command, 'idleExit')) {
      command.error('error: --idle-exit needs --listen inetd or --listen systemd');
    }
    const listen = address && { address, idleExit };
    return { form, requestTimeout, listen, logFormat: log.logFormat, logOutput: log.log };
  };
}

/** True when the command line gives the option, `idleExit` for --idle-exit. */
export function isGiven(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** `--idle-exit` for idleExit. */
export function longName(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
