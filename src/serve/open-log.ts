import { version } from '../../package.json';
import type { ListenAddress } from '../options/listen-address.ts';
import { formatLog, type Log } from './log.ts';
import { writeLog } from './log-output.ts';
import type { LogFormat, LogOutput } from './log-settings.ts';

/** The log of a resident. */
export interface ResidentLog {
  readonly write: Log;
  readonly listening: (addresses: readonly string[], titles: readonly string[]) => void;
  readonly end: () => void;
}

/** Opens the log. Under inetd stderr is the socket, so that the log goes to syslog there. */
export function openLog(
  settings: { readonly logFormat: LogFormat; readonly logOutput: LogOutput | undefined },
  address: ListenAddress,
): ResidentLog {
  const output = settings.logOutput ?? (address.kind === 'inetd' ? 'syslog' : 'stderr');
  const write = formatLog(settings.logFormat, writeLog(output));
  return {
    write,
    listening(addresses, titles) {
      const checks = titles.length === 1 ? '1 check' : `${titles.length} checks`;
      write({
        event: 'listening',
        message: `listening on ${addresses.join(', ')}, lbcheck ${version}, ${checks}: ${titles.slice(0, maxTitles).join(', ')}${titles.length > maxTitles ? ', ...' : ''}`,
        fields: { addresses, version, checks: titles },
      });
    },
    end: () => write({ event: 'end', message: 'ended' }),
  };
}

/** So many checks are named in a line of text. */
const maxTitles = 50;
