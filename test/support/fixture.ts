import { execFile } from 'node:child_process';

/** How a fixture's process ended; `signal` is set when it did not end by itself. */
export interface Ended {
  readonly code: number;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of test/fixtures to its end, for 15 s at most. */
export function runFixture(name: string, ...args: readonly string[]): Promise<Ended> {
  const root = `${import.meta.dirname}/../..`;
  const command = ['--import', 'tsx', `${root}/test/fixtures/${name}.ts`, ...args];
  const limits = { cwd: root, timeout: 15_000, killSignal: 'SIGKILL' } as const;
  return new Promise((ended) => {
    execFile(process.execPath, command, limits, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      ended({ code, signal: error?.signal ?? undefined, stdout, stderr });
    });
  });
}
