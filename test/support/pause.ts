import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { CleanUp } from './clean-up.ts';
import { type Ending, environment, executable } from './executable.ts';
import { until } from './programs.ts';

/** One run of the executable that can be stopped and goes on later. */
export interface Pausable {
  /** Resolves when the process is stopped. */
  readonly stop: () => Promise<void>;
  readonly goOn: () => void;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly write: (text: string) => void;
  readonly ended: Promise<Ending>;
}

export function startPausable(cleanUp: CleanUp, args: readonly string[]): Pausable {
  const child = spawn(executable, args, { env: environment });
  const { pid = 0 } = child;
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      texts[name] += text;
    });
  }
  child.stdin.on('error', () => {});
  cleanUp(() => void child.kill('SIGKILL'));
  return {
    async stop() {
      process.kill(pid, 'SIGSTOP');
      await until('it is stopped', async () =>
        /^State:\s+T/m.test(await readFile(`/proc/${pid}/status`, 'utf8')),
      );
    },
    goOn: () => process.kill(pid, 'SIGCONT'),
    signal: (signal) => process.kill(pid, signal),
    write: (text) => void child.stdin.write(text),
    ended: new Promise((ended) => child.on('close', (code) => ended({ code, ...texts }))),
  };
}
