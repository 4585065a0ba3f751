import { readdirSync, readFileSync } from 'node:fs';

/** Kills a process group. Its id belongs to no other group while one of its members lives. */
export function killGroup(pid: number): void {
  kill(-pid);
}

/**
 * Kills all that a process started, in every process group. Returns true when we may not kill one of
 * them, because it runs as another user.
 */
export function killDescendants(pid: number): boolean {
  return descendantsOf(pid).map(kill).includes('forbidden');
}

function descendantsOf(pid: number): readonly number[] {
  return tasksOf(pid)
    .flatMap((task) => childrenOf(`/proc/${pid}/task/${task}/children`))
    .flatMap((child) => [child, ...descendantsOf(child)]);
}

/** The threads of a process, each of which may have children. */
function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function childrenOf(file: string): readonly number[] {
  try {
    return (readFileSync(file, 'utf8').match(/\d+/g) ?? []).map(Number);
  } catch {
    return [];
  }
}

function kill(target: number): 'killed' | 'gone' | 'forbidden' {
  try {
    process.kill(target, 'SIGKILL');
    return 'killed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'forbidden' : 'gone';
  }
}
