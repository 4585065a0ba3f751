import { maxLength, type Perl } from './perl.ts';

/** As much of Bun as is used here. */
declare const Bun: {
  spawn(
    command: readonly string[],
    options: Readonly<Record<'stdin' | 'stdout' | 'stderr', 'pipe'>> & { env: NodeJS.ProcessEnv },
  ): {
    readonly stdin: { end(): unknown };
    readonly stdout: AsyncIterable<Uint8Array>;
    readonly stderr: AsyncIterable<Uint8Array>;
    readonly exited: Promise<number>;
    kill(signal: number): void;
  };
};

export function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Perl {
  const child = Bun.spawn([file, ...args], { env, stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' });
  const printed = { stdout: '', stderr: '' };
  const read = async (name: 'stdout' | 'stderr') => {
    const decoder = new TextDecoder();
    for await (const chunk of child[name]) {
      printed[name] = `${printed[name]}${decoder.decode(chunk)}`.slice(0, maxLength);
    }
  };
  const end = Promise.all([read('stdout'), read('stderr')]).then(() => child.exited);
  const stop = () => {
    child.kill(9);
    child.stdin.end();
  };
  return { end, printed, stop };
}
