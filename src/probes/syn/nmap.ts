import { spawn } from 'node:child_process';

/** How one run of nmap ended. */
export type NmapRun =
  | { readonly kind: 'ended'; readonly xml: string; readonly complaint: string }
  /** Killed at the deadline. */
  | { readonly kind: 'late' }
  /** There is no nmap, or it may not be executed: errno(3). */
  | { readonly kind: 'missing'; readonly code: string };

/** No answer about two ports is longer. */
const longestOutput = 65536;

/**
 * Runs nmap without a shell, in a process group of its own, which is killed as a whole at the abort.
 * The environment passes through: ZEVENET marks its probes with LD_PRELOAD and MARK.
 */
export function runNmap(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<NmapRun> {
  if (signal.aborted) return Promise.resolve({ kind: 'late' });
  return new Promise((settle) => {
    // Before there is an nmap that a signal to us could leave behind.
    const stopWatching = endWithUs(() => kill());
    const nmap = spawn(program, words, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => {
      if (nmap.pid !== undefined) killGroup(nmap.pid);
      nmap.stdout.destroy();
      nmap.stderr.destroy();
    };
    const late = () => {
      kill();
      stopWatching();
      settle({ kind: 'late' });
    };
    signal.addEventListener('abort', late, { once: true });

    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      nmap[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] = (texts[name] + text).slice(0, longestOutput);
        if (texts[name].length === longestOutput) kill();
      });
    }
    nmap.on('error', (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', late);
      stopWatching();
      settle({ kind: 'missing', code: error.code ?? error.message });
    });
    nmap.on('close', () => {
      signal.removeEventListener('abort', late);
      stopWatching();
      settle({ kind: 'ended', xml: texts.stdout, complaint: texts.stderr });
    });
  });
}

/** A signal that ends us does not reach nmap's group. Returns how to stop looking out for one. */
function endWithUs(kill: () => void): () => void {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  const pass = (signal: NodeJS.Signals) => {
    kill();
    stop();
    process.kill(process.pid, signal);
  };
  const stop = () => {
    for (const signal of signals) process.off(signal, pass);
  };
  for (const signal of signals) process.on(signal, pass);
  return stop;
}

/** The group, whose id is not used anew while a member lives, may be gone by now. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {}
}
