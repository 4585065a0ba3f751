import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import type { Scenario } from './debian-root.ts';

/**
 * Runs a shell script that has $image, an image that podman has loaded from an archive; $work, an empty
 * directory; `podman`, and `run`, which starts a container as the least that a cluster allows. All of it
 * runs in its own namespaces, without a network: what it starts and writes goes when it ends.
 */
export function withImage(cleanUp: CleanUp, archive: string, script: string): Scenario {
  const work = mkdtempSync(join(tmpdir(), 'lbcheck-image-'));
  cleanUp(async () => rmSync(work, { recursive: true, force: true }));
  const outer = `
    set -eu
    work=$1
    mount -t tmpfs tmpfs "$work"
    mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null || true
    ip link set lo up
    export STORAGE_DRIVER=vfs TMPDIR="$work"
    podman() {
      command podman --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp" --runtime crun \\
        --cgroup-manager cgroupfs --events-backend none "$@"
    }
    run() {
      podman run --network host --cgroups=disabled --read-only --cap-drop=all --no-healthcheck \\
        --security-opt no-new-privileges "$@"
    }
    # podman 4.3 reads a compressed archive of this form no more; docker does.
    zcat "$2" >"$work/image.tar"
    podman load -q -i "$work/image.tar" >/dev/null
    rm "$work/image.tar"
    image=$(podman images --format '{{.Repository}}:{{.Tag}}')
    ${script}`;
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...namespaces, 'bash', '-c', `exec 2>&1; ${outer}`, 'bash', work, archive],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return { code: status, output: stdout + stderr };
}
