import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CleanUp } from './clean-up.ts';

const repository = resolve(import.meta.dirname, '../..');
const base = join(repository, 'dist/test-root');

/** How a scenario ended. */
export interface Scenario {
  readonly code: number | null;
  /** What it printed, on stdout and stderr. */
  readonly output: string;
}

export interface RootOptions {
  /** Files that the scenario finds in /root. */
  readonly files?: readonly string[];
  /** False leaves /proc empty. */
  readonly hasProc?: boolean;
  /** How much may be written, as tmpfs(5) has it. */
  readonly size?: string;
}

/**
 * Runs a shell script as root in a Debian where nothing else is installed, without a network. What it
 * writes is in memory, and whatever it starts ends with it.
 */
export function inDebianRoot(
  cleanUp: CleanUp,
  script: string,
  { files = [], hasProc = true, size = '1g' }: RootOptions = {},
): Scenario {
  execFileSync(join(repository, 'packaging/test-root'), [base], { stdio: 'inherit' });
  const work = mkdtempSync(join(tmpdir(), 'lbcheck-root-'));
  cleanUp(async () => rmSync(work, { recursive: true, force: true }));
  const outer = `
    set -eu
    work=$1 script=$2; shift 2
    mount -t tmpfs -o size=${size} tmpfs "$work"
    mkdir "$work/upper" "$work/work" "$work/root"
    mount -t overlay -o "lowerdir=${base},upperdir=$work/upper,workdir=$work/work" overlay "$work/root"
    ${hasProc ? 'mount -t proc proc "$work/root/proc"' : ''}
    mount --rbind /dev "$work/root/dev"
    for file in "$@"; do cp "$file" "$work/root/root"; done
    ip link set lo up
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \\
      DEBIAN_FRONTEND=noninteractive chroot "$work/root" sh -euc "cd /root; $script" 2>&1`;
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--ipc', '--uts'];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...namespaces, 'sh', '-c', outer, 'sh', work, script, ...files],
    { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return { code: status, output: stdout + stderr };
}

/** Fails with the output of the scenario, unless it succeeded. */
export function expectSuccess({ code, output }: Scenario): string {
  if (code !== 0) throw new Error(`the scenario ended with ${code}:\n${output}`);
  return output;
}

/** Installs packages from what the root has downloaded. */
export const aptInstall = (...packages: readonly string[]) =>
  `apt-get install -qq -y --no-install-recommends ${packages.join(' ')}`;
