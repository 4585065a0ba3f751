import { readdirSync, readFileSync } from 'node:fs';

/** Kills a process group, whose id no other has while a member of it lives. */
export function killGroup(pid: number): void {
  kill(-pid);
}

/**
 * Kills all that a process started, whatever group it is in. Returns true when one of them may not be
 * killed by us: it runs as another user.
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
