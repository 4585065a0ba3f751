import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { cutBytes, decode } from './decode.ts';

/** How many bytes of stdout, and of stderr, are kept; the rest is read and dropped. */
const maxOutputBytes = 65536;

/**
 * How long we wait for a process that outlives the program and keeps its stdout or stderr open, in
 * seconds.
 */
const pipeGraceSeconds = 0.05;

/** What a program printed. */
export interface Output {
  readonly stdout: string;
  /** True when it printed more than `stdout` holds. */
  readonly isCut: boolean;
  readonly stderr: string;
}

/** The first `maxOutputBytes` of a stream. */
interface Gathered {
  readonly text: string;
  readonly isCut: boolean;
}

/** Reads stdout and stderr of a program from its start. */
export function collectOutput(child: ChildProcess) {
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  const closed = [child.stdout, child.stderr].map(
    (stream) => new Promise((resolve) => stream?.on('close', resolve) ?? resolve(undefined)),
  );
  return {
    /** What was printed. Call it when the program has ended. */
    output: async (): Promise<Output> => {
      await allSoon(closed);
      return { stdout: stdout().text, isCut: stdout().isCut, stderr: stderr().text };
    },
    close: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
  };
}

/** Keeps the beginning of a stream. The stream is null if no descriptor was left for it. */
function gather(stream: Readable | null): () => Gathered {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on('error', () => {});
  stream?.on('data', (chunk: Buffer) => {
    if (length <= maxOutputBytes) chunks.push(chunk);
    length += chunk.length;
  });
  return () => ({
    text: decode(cutBytes(Buffer.concat(chunks), maxOutputBytes)),
    isCut: length > maxOutputBytes,
  });
}

/** Waits for all of the promises, but no longer than `pipeGraceSeconds`. */
function allSoon(promises: readonly Promise<unknown>[]): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => {
    // What has arrived by then is still read.
    timer = setTimeout(() => setImmediate(resolve), pipeGraceSeconds * 1000);
  });
  return Promise.race([Promise.all(promises), grace]).finally(() => clearTimeout(timer));
}
