import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { cutBytes, decode } from './decode.ts';
import { killDescendants, killGroup } from './kill.ts';
import { killOnSignal } from './pass-signals.ts';
import { type Command, readMessage } from './watcher.ts';

/** The most bytes of stdout, and of stderr, that are kept; the rest is read and dropped. */
const maxOutputBytes = 65536;

/** How long what outlives a program may hold its stdout or stderr open, in seconds. */
const pipeGraceSeconds = 0.05;

/** A program that runs. */
export interface Program {
  /** Its exit code, or the signal that ended it. Rejects with errno(3) when it could not be started. */
  readonly end: Promise<number | NodeJS.Signals>;
  /** What it has printed, to be asked for behind its end. */
  readonly output: () => Promise<Output>;
  /** Kills it, with all that it started. Returns true when a part of that may not be killed by us. */
  readonly kill: () => boolean;
  /** Closes what we hold of it. */
  readonly release: () => void;
}

interface Output {
  readonly stdout: string;
  readonly isCut: boolean;
  readonly stderr: string;
}

/** Starts a program under its watcher. */
export function startWatched({ file, args, env }: Command): Program {
  const child = spawn(file, args, {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  // None when there were no descriptors left.
  const channel = child.stdio[3] as Duplex | null | undefined;
  const end = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    let open = 2;
    const ended = () => {
      open -= 1;
      if (open === 0) resolve(child.signalCode ?? 255);
    };
    child.on('error', reject).on('exit', ended);
    // A watcher that ends without a message was killed, and the program with it.
    channel?.on('error', () => {}).on('close', ended);
    channel?.on('data', (message) => readMessage(`${message}`).then(resolve, reject));
  });
  const release = () => {
    channel?.destroy();
    // It may wait for what nobody of us can kill.
    child.unref();
  };
  const kill = () => child.pid !== undefined && killDescendants(child.pid);
  return { end, kill, ...withOutput(child, release) };
}

/** Starts a program as it is, in a process group of its own. */
export function startAlone({ file, args, env }: Command): Program {
  let child: ChildProcess | undefined;
  const kill = () => {
    if (child?.pid === undefined) return false;
    const isAlive = killDescendants(child.pid);
    killGroup(child.pid);
    return isAlive;
  };
  // Before there is a program that a signal to us could leave behind.
  const forget = killOnSignal(kill);
  try {
    const started = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    const end = new Promise<number | NodeJS.Signals>((resolve, reject) => {
      started.on('error', reject);
      started.on('exit', (code, killer) => {
        if (started.pid !== undefined) killGroup(started.pid);
        // There is always one of the two; if not, this is no success.
        resolve(code ?? killer ?? 255);
      });
    });
    return { end, kill, ...withOutput(started, forget) };
  } catch (error) {
    forget();
    throw error;
  }
}

/** What a stream gave: the first `maxOutputBytes` of it. */
interface Gathered {
  readonly text: string;
  readonly isCut: boolean;
}

/** Reads both streams of a program from its start. */
function withOutput(child: ChildProcess, close: () => void): Pick<Program, 'output' | 'release'> {
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  const closed = [child.stdout, child.stderr].map(
    (stream) => new Promise((resolve) => stream?.on('close', resolve) ?? resolve(undefined)),
  );
  return {
    output: async () => {
      await allSoon(closed);
      return { stdout: stdout().text, isCut: stdout().isCut, stderr: stderr().text };
    },
    release: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      close();
    },
  };
}

/** There is no stream when we have no descriptors left. */
function gather(stream: Readable | null): () => Gathered {
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

/** Waits for all of the promises, though not long. */
function allSoon(promises: readonly Promise<unknown>[]): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => {
    // What has arrived by then is read first.
    timer = setTimeout(() => setImmediate(resolve), pipeGraceSeconds * 1000);
  });
  return Promise.race([Promise.all(promises), grace]).finally(() => clearTimeout(timer));
}
