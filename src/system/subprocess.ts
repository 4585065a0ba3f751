import type { AbortSignalLike } from './abort.ts';
import type { Program } from './program.ts';
import { startAlone, startWatched } from './program.ts';
import { watched } from './watcher.ts';

/** How a program ended. */
export type ProgramResult =
  | {
      readonly kind: 'ended';
      /** The exit code, or the signal that ended it. */
      readonly by: number | NodeJS.Signals;
      readonly stdout: string;
      /** True when it printed more than `stdout` holds. */
      readonly isCut: boolean;
      readonly stderr: string;
    }
  /**
   * Killed at the deadline. `isAlive`: a part of it still lives, since it runs as another user and we may
   * not kill it.
   */
  | { readonly kind: 'late'; readonly isAlive: boolean }
  /** It could not be started: errno(3). */
  | { readonly kind: 'not-started'; readonly code: string };

/**
 * Runs a program without a shell, with an empty stdin. At the abort, it is killed with all that it
 * started. When it ends, what it leaves behind is killed; when lbcheck ends, everything is. On a machine
 * without perl (see watcher.ts) a daemon lives on, and after a SIGKILL of lbcheck everything does.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  signal: AbortSignalLike,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProgramResult> {
  if (signal.aborted) return { kind: 'late', isAlive: false };
  const command = { file, args, env };
  const watcher = watched(command);
  const lateness = waitForAbort(signal);
  let program: Program | undefined;
  try {
    program = watcher ? startWatched(watcher) : startAlone(command);
    const by = await Promise.race([program.end, lateness.promise]);
    if (by === 'late') return { kind: 'late', isAlive: program.kill() };
    return { kind: 'ended', by, ...(await program.output()) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // execvp(3) gives a script without #! to sh; Bun does not.
    if (code === 'ENOEXEC' && file !== shell)
      return runProgram(shell, [file, ...args], signal, env);
    return { kind: 'not-started', code: code ?? message };
  } finally {
    lateness.stop();
    program?.release();
  }
}

const shell = '/bin/sh';

function waitForAbort(signal: AbortSignalLike): { promise: Promise<'late'>; stop: () => void } {
  let onAbort = () => {};
  const promise = new Promise<'late'>((resolve) => {
    onAbort = () => resolve('late');
    signal.addEventListener('abort', onAbort);
  });
  return { promise, stop: () => signal.removeEventListener('abort', onAbort) };
}
