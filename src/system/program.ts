import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { killDescendants, killGroup } from './kill.ts';
import { killOnSignal } from './pass-signals.ts';
import { collectOutput, type Output } from './program-output.ts';
import { type Command, readMessage } from './watcher.ts';

/** A program that runs. */
export interface Program {
  /** Its exit code, or the signal that ended it. Rejects with errno(3) when it could not be started. */
  readonly end: Promise<number | NodeJS.Signals>;
  /** What it has printed. Call it when the program has ended. */
  readonly output: () => Promise<Output>;
  /** Kills it, with all that it started. Returns true when we may not kill a part of it. */
  readonly kill: () => boolean;
  /** Closes what we hold of it. */
  readonly release: () => void;
}

/** Starts a program under its watcher. */
export function startWatched({ file, args, env }: Command): Program {
  const child = spawn(file, args, {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  // Missing if no descriptor was left for it.
  const channel = child.stdio[3] as Duplex | null | undefined;
  const end = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    // If the watcher ends without a message, it was killed, and the program with it; or perl does not
    // work.
    let open = 2;
    const ended = () => {
      open -= 1;
      if (open > 0) return;
      if (child.signalCode) resolve(child.signalCode);
      else reject(new Error('perl failed'));
    };
    child.on('error', reject).on('exit', ended);
    channel?.on('error', () => {}).on('close', ended);
    channel?.on('data', (message) => readMessage(`${message}`).then(resolve, reject));
  });
  const { output, close } = collectOutput(child);
  const release = () => {
    close();
    channel?.destroy();
    // The watcher may wait for a process that we cannot kill. We do not wait for the watcher.
    child.unref();
  };
  const kill = () => child.pid !== undefined && killDescendants(child.pid);
  return { end, output, kill, release };
}

/** Starts a program without a watcher, in its own process group. */
export function startAlone({ file, args, env }: Command): Program {
  let child: ChildProcess | undefined;
  const kill = () => {
    if (child?.pid === undefined) return false;
    const isAlive = killDescendants(child.pid);
    killGroup(child.pid);
    return isAlive;
  };
  // Before anything else, so that no signal to lbcheck can leave the program behind.
  const forget = killOnSignal(kill);
  try {
    const started = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    const end = new Promise<number | NodeJS.Signals>((resolve, reject) => {
      started.on('error', reject);
      started.on('exit', (code, killer) => {
        if (started.pid !== undefined) killGroup(started.pid);
        // Node gives one of the two. If both are missing, the program failed.
        resolve(code ?? killer ?? 255);
      });
    });
    const { output, close } = collectOutput(started);
    const release = () => {
      close();
      forget();
    };
    return { end, output, kill, release };
  } catch (error) {
    forget();
    throw error;
  }
}
