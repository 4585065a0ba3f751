import { spawn } from 'node:child_process';
import { maxLength, type Perl } from './perl.ts';

export function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Perl {
  const child = spawn(file, args, { env, stdio: 'pipe' });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    // There is no stream when we have no descriptors left.
    child[name]?.on('data', (text) => {
      printed[name] = `${printed[name]}${text}`.slice(0, maxLength);
    });
  }
  child.stdin?.on('error', () => {});
  const end = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject).on('close', (code, killer) => resolve(code ?? killer ?? ''));
  });
  const stop = () => {
    child.kill('SIGKILL');
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  };
  return { end, printed, stop };
}
