import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { executable } from './executable.ts';
import { directory, freePort, type Program, start, until } from './programs.ts';
import { isListening } from './xinetd.ts';

/** The port and the process of one `lbcheck serve`, and its file of checks. */
export interface Serve extends Program {
  readonly port: number;
  readonly file: string;
  /** Writes the file anew, without telling the process. */
  readonly write: (text: string) => Promise<void>;
  /** Writes the file anew, and waits until the log tells that it was read. */
  readonly reload: (text: string) => Promise<void>;
}

/** Serves a file of checks on its own port. */
export async function startServe(
  cleanUp: CleanUp,
  text: string,
  options: readonly string[] = [],
): Promise<Serve> {
  const file = join(await directory(cleanUp, { checks: text }), 'checks');
  const port = await freePort();
  const args = ['serve', file, '--listen', `127.0.0.1:${port}`, ...options];
  const program = await start(cleanUp, executable, args);
  await until('lbcheck serve listens', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return isListening(port);
  });
  const write = (changed: string) => writeFile(file, changed);
  const reloads = () => program.output().split(/^reloaded|^the file is /m).length;
  return {
    ...{ ...program, port, file, write },
    async reload(changed) {
      await write(changed);
      const before = reloads();
      process.kill(program.pid, 'SIGHUP');
      await until('the file is read again', async () => reloads() > before);
    },
  };
}

/** A line of a file of checks that runs a script of the shell. */
export const shellCheck = (name: string, script: string, options = '') =>
  `${name} exec ${options} -- /bin/sh -c '${script}'\n`;
