import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { version } from '../../../package.json';
import { afterThisFile } from '../../support/clean-up.ts';
import { expectSuccess } from '../../support/debian-root.ts';
import { withImage } from '../../support/podman.ts';
import { type Artefacts, buildRelease } from '../../support/release.ts';

const cleanUp = afterThisFile();
let built: Artefacts;
beforeAll(async () => {
  built = await buildRelease(cleanUp, 'image');
}, 600_000);

const inPodman = (script: string) =>
  expectSuccess(withImage(onTestFinished, built.path('-image.tar.gz'), script)).split('\n');

const asked = (path: string) =>
  `curl -s -m 10 -o /dev/null -w '%{http_code}\\n' http://127.0.0.1:8088${path}`;
const listening = 'until ss -Hltn sport = :8088 | grep -q .; do sleep 0.05; done';

test('serves a file of checks as nobody, read-only, and ends at SIGTERM', () => {
  const output = inPodman(`
    mkdir "$work/etc"
    printf 'up tls 127.0.0.1 8088 --require connect\\ndown tls 127.0.0.1 9 \\n' >"$work/etc/checks"
    chmod -R a+rX "$work/etc"
    run -d --name checks -v "$work/etc:/etc/lbcheck:ro" "$image" >/dev/null
    ${listening}
    ${asked('/up')}; ${asked('/down')}; ${asked('/')}
    pid=$(podman inspect -f '{{.State.Pid}}' checks)
    grep -E '^(Uid|CapEff|NoNewPrivs)' "/proc/$pid/status"
    podman exec checks /usr/bin/lbcheck tls 127.0.0.1 8088 --require connect >/dev/null </dev/null; echo "health $?"
    podman exec checks /bin/sh -c true >/dev/null 2>&1 || echo no shell
    podman stop -t 10 checks >/dev/null
    podman inspect -f 'ended with {{.State.ExitCode}}' checks
    podman logs checks
  `);
  expect(output).toEqual([
    ...['200', '503', '503'],
    'Uid:\t65534\t65534\t65534\t65534',
    'CapEff:\t0000000000000000',
    'NoNewPrivs:\t1',
    'health 0',
    'no shell',
    'ended with 0',
    `listening on [::]:8088, lbcheck ${version}, 2 checks: up, down`,
    expect.stringMatching(/^up ok/),
    expect.stringMatching(/^down critical/),
    'ended',
    '',
  ]);
});

test('runs one check, and prints its version', () => {
  const output = inPodman(`
    run --rm "$image" --version
    run --rm "$image" tls 127.0.0.1 9 </dev/null || echo "ended with $?"
  `);
  expect(output).toEqual([
    `lbcheck ${version}`,
    expect.stringMatching(/^TLS CRITICAL - nothing listens on 127\.0\.0\.1:9 /),
    'ended with 2',
    '',
  ]);
});

test('as process 1 it keeps no zombie of a plugin', () => {
  const output = inPodman(`
    mkdir "$work/etc"
    printf '%s\\n' "fork exec -- /usr/bin/perl -e 'fork || exit 0; print qq(OK\\n)'" >"$work/etc/checks"
    chmod -R a+rX "$work/etc"
    run -d --name checks -v "$work/etc:/etc/lbcheck:ro" "$image" >/dev/null
    ${listening}
    for i in 1 2 3 4 5; do ${asked('/fork')}; done
    pid=$(podman inspect -f '{{.State.Pid}}' checks)
    until ! grep -q . "/proc/$pid/task/$pid/children"; do sleep 0.05; done
    echo none left
  `);
  expect(output).toEqual(['200', '200', '200', '200', '200', 'none left', '']);
});

test('the Containerfile has the same settings as the image', () => {
  const file = readFileSync(
    resolve(import.meta.dirname, '../../../packaging/Containerfile'),
    'utf8',
  );
  const [, last = ''] = file.split('FROM scratch\n');
  const json = (word: string) =>
    JSON.parse(new RegExp(`^${word} (\\[.*\\])$`, 'm').exec(last)?.[1] ?? '');
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  onTestFinished(() => void execFileSync('rm', ['-r', folder]));
  execFileSync('tar', ['-xzf', built.path('-image.tar.gz'), '-C', folder, '--wildcards', '*.json']);
  const [{ Config: name }] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const { config } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  expect(config).toMatchObject({
    User: /^USER (.*)$/m.exec(last)?.[1],
    Entrypoint: json('ENTRYPOINT'),
    Cmd: json('CMD'),
    Env: /^ENV (.*)$/m.exec(last)?.[1]?.split(' '),
    ExposedPorts: { [`${/^EXPOSE (.*)$/m.exec(last)?.[1]}/tcp`]: {} },
    Healthcheck: { Test: ['CMD', ...json('HEALTHCHECK CMD')] },
  });
});
