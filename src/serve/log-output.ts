import { runProgram } from '../system/subprocess.ts';
import type { LogOutput } from './log-settings.ts';

/** How long logger(1) may take for one line, in seconds, and how many lines may wait for it. */
const loggerSeconds = 5;
const maxWaiting = 100;

/**
 * Makes a function that writes lines in their order. A line that cannot be written is lost without an
 * error.
 */
export function writeLog(output: LogOutput): (line: string) => void {
  switch (output) {
    case 'none':
      return () => {};
    case 'stderr':
      process.stderr.on('error', () => {});
      return (line) => void process.stderr.write(`${line}\n`);
    case 'syslog':
      return writeSyslog();
  }
}

/** logger(1) is essential in Debian, and knows where the syslog of a system is. */
function writeSyslog(): (line: string) => void {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  const send = (line: string) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), loggerSeconds * 1000);
    const args = ['-t', 'lbcheck', '-p', 'daemon.notice', '--', line];
    return runProgram('logger', args, limit.signal).finally(() => clearTimeout(timer));
  };
  return (line) => {
    if (waiting >= maxWaiting) return;
    waiting += 1;
    last = last
      .then(() => send(line))
      .finally(() => {
        waiting -= 1;
      });
  };
}
