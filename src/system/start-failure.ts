import { existsSync } from 'node:fs';

/** What each errno(3) of execve(2) and fork(2) means, and what cures it. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'it is not executable for this user: chmod +x it, or look at its directories and mount',
  EPERM:
    'the system forbids it: its file capabilities (getcap) are outside the bounding set, or a security module forbids it',
  EAGAIN: 'no process is left: raise the limit of processes (ulimit -u, TasksMax, pids.max)',
  ENOMEM: 'no memory is left for another process',
  EMFILE: 'no file descriptor is left: raise the limit of open files (ulimit -n)',
  ENFILE: 'no file descriptor is left in the whole system (fs.file-max)',
  ENOEXEC: 'it is no program for this machine: another architecture, or not a program',
  ENOTDIR: 'a part of its path is no directory',
  ENAMETOOLONG: 'its path is too long',
  ELOOP: 'its path is a circle of symbolic links',
  E2BIG: 'its arguments and environment are too long',
  ETXTBSY: 'its file is being written',
};

/**
 * Why a program could not be started, for a person: the reason, the errno(3), and what cures it.
 * `install` is the cure for a program that is not there.
 */
export function startFailure(program: string, code: string, install = ''): string {
  if (code !== 'ENOENT') return `${reasons[code] ?? 'it cannot be started'} (${code})`;
  if (isThere(program)) {
    return `its interpreter, the first line's #!, or its loader is missing (${code})`;
  }
  return `there is no such program (${code})${install === '' ? '' : `: ${install}`}`;
}

function isThere(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(':');
  return folders.some((folder) => existsSync(folder === '' ? program : `${folder}/${program}`));
}
