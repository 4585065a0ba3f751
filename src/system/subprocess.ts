import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { cutBytes, decode } from './decode.ts';

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
  /** Killed at the deadline. */
  | { readonly kind: 'late' }
  /** It could not be started: errno(3). */
  | { readonly kind: 'not-started'; readonly code: string };

/** The most bytes of stdout, and of stderr, that are kept; the rest is read and dropped. */
const maxOutputBytes = 65536;

/** What has left the group and holds a pipe of an ended program is waited for, in seconds. */
const pipeGraceSeconds = 0.05;

/**
 * Runs a program without a shell, in a process group of its own. When the promise settles all that it
 * ran is gone, killed at the abort or behind the program's own end, but for what made itself a daemon.
 * The environment passes through.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ProgramResult> {
  if (signal.aborted) return Promise.resolve({ kind: 'late' });
  return new Promise<ProgramResult>((settle) => {
    let child: ChildProcess | undefined;
    // Before there is a child that a signal to us could leave behind.
    const forget = killOnSignal(() => child && killTree(child));
    const done = (end: ProgramResult) => {
      signal.removeEventListener('abort', late);
      forget();
      child?.stdout?.destroy();
      child?.stderr?.destroy();
      settle(end);
    };
    const late = () => {
      if (child) killTree(child);
      done({ kind: 'late' });
    };
    signal.addEventListener('abort', late, { once: true });
    const notStarted = (error: NodeJS.ErrnoException) =>
      done({ kind: 'not-started', code: error.code ?? error.message });
    try {
      child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      child.on('error', notStarted);
      watch(child, done);
    } catch (error) {
      // Some of its errors come this way.
      notStarted(error as NodeJS.ErrnoException);
    }
  });
}

/** Gathers what a program prints until it has ended. */
function watch(child: ChildProcess, done: (end: ProgramResult) => void): void {
  const output = { stdout: gather(child.stdout), stderr: gather(child.stderr) };
  child.on('exit', (code, killer) => {
    killGroup(child);
    const end = () => {
      clearTimeout(silence);
      // There is always one of the two; if not, this is no success.
      const { text: stdout, isCut } = output.stdout();
      const { text: stderr } = output.stderr();
      done({ kind: 'ended', by: code ?? killer ?? 255, stdout, isCut, stderr });
    };
    const silence = setTimeout(end, pipeGraceSeconds * 1000);
    child.on('close', end);
  });
}

/** What a stream gave: the first `maxOutputBytes` of it. */
interface Gathered {
  readonly text: string;
  readonly isCut: boolean;
}

/** Gathers what a stream gives. There is no stream when we have no descriptors left. */
function gather(stream: Readable | null | undefined): () => Gathered {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (length <= maxOutputBytes) chunks.push(chunk);
    length += chunk.length;
  });
  return () => ({
    text: decode(cutBytes(Buffer.concat(chunks), maxOutputBytes)),
    isCut: length > maxOutputBytes,
  });
}

/** The group, whose id is not used anew while a member lives, may be gone by now. */
function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) killQuietly(-pid);
}

/** A program that still runs, and its children in groups of their own, such as those of timeout(1). */
function killTree(child: ChildProcess): void {
  const descendants = child.pid === undefined ? [] : descendantsOf(child.pid);
  killGroup(child);
  descendants.forEach(killQuietly);
}

function descendantsOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
    return children.map(Number).flatMap((child) => [child, ...descendantsOf(child)]);
  } catch {
    return [];
  }
}

function killQuietly(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {}
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const running = new Set<() => void>();

/**
 * A signal that ends us does not reach the group of a child, so that it is passed on; unless a host
 * listens for it, which lets its checks finish. Returns how to stop looking out for one.
 */
function killOnSignal(kill: () => void): () => void {
  // In front, since a server that listens only once is no longer counted behind its own turn.
  if (running.size === 0) for (const signal of signals) process.prependListener(signal, pass);
  running.add(kill);
  return () => {
    running.delete(kill);
    if (running.size === 0) for (const signal of signals) process.off(signal, pass);
  };
}

function pass(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  for (const kill of running) kill();
  for (const each of signals) process.off(each, pass);
  process.kill(process.pid, signal);
}
