import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { executable, launched, launcher } from '../support/executable.ts';
import { isRunning } from '../support/fake-program.ts';
import { directory, until } from '../support/programs.ts';
import {
  configure,
  makeNamespace,
  type Namespace,
  ownAddress,
  runInside,
  startCounting,
  startSaying,
  synInside,
} from '../support/syn-namespace.ts';

const cleanUp = afterThisFile();
let namespace: Namespace;
beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
  await startCounting(cleanUp, namespace, '::', 25);
});

/** A library that marks each socket by MARK, as that of ZEVENET does. */
const markLibrary = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/socket.h>
int socket(int domain, int type, int protocol) {
  int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");
  int fd = real(domain, type, protocol);
  unsigned mark = strtoul(getenv("MARK"), 0, 0);
  setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark);
  return fd;
}`;

test.each(['kernel', 'nmap'])(
  'LD_PRELOAD and MARK reach the wire by --engine %s',
  async (engine) => {
    const files = await directory(onTestFinished, { 'mark.c': markLibrary });
    const library = join(files, 'mark.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-o', library, join(files, 'mark.c'), '-ldl']);
    const rule = 'tcp dport 25 tcp flags syn / syn,ack meta mark 0x20000007 counter';
    await configure(
      namespace,
      `nft 'table inet ${engine} { chain output { type filter hook output priority 0;
      ${rule}
      }
    }'`,
    );
    const marked = ['env', `LD_PRELOAD=${library}`, 'MARK=0x20000007', executable];
    const args = ['syn', ownAddress, '25', '--engine', engine, '--reply', 'plugin'];
    expect((await runInside(namespace, ...marked, ...args)).stdout).toMatch(/^SYN OK/);
    const { stdout } = await runInside(namespace, 'nft', 'list', 'table', 'inet', engine);
    expect(stdout).toMatch(/0x20000007 counter packets 1 /);
  },
);

test('a closed port that the kernel connects to itself is closed', async () => {
  // The only port that a connection can come from.
  const range = '/proc/sys/net/ipv4/ip_local_port_range';
  const { stdout: usual } = await runInside(namespace, 'cat', range);
  await configure(namespace, `echo 40000 40000 >${range}`);
  onTestFinished(() => configure(namespace, `echo ${usual.trim()} >${range}`));
  const { stdout } = await synInside(namespace, '127.0.0.1', '40000', '--engine', 'kernel');
  expect(stdout).toMatch(/^SYN CRITICAL - 127\.0\.0\.1:40000 is closed \(reset\) /);
});

test('a server whose queue of connections is full is filtered', async () => {
  const fixture = resolve(import.meta.dirname, '../fixtures/full-queue.pl');
  await startSaying(onTestFinished, [...namespace.enter, 'perl', fixture, '2700'], 'full');
  const args = ['127.0.0.1', '2700', '--engine', 'kernel', '-t', '3'];
  const { stdout } = await synInside(namespace, ...args);
  expect(stdout).toMatch(/^SYN CRITICAL - 127\.0\.0\.1:2700 is filtered \(no-response\) /);
});

describe('perl', () => {
  /** Runs lbcheck where perl is missing, or replaced by something else. */
  async function withPerl(perl: string, ...args: readonly string[]) {
    const all = ['syn', '127.0.0.1', '25', '--reply', 'plugin', ...args];
    const script = 'mount --bind "$1" /usr/bin/perl && shift && exec env PATH=/nonexistent "$@"';
    const replaced = ['unshare', '--mount', 'sh', '-c', script, 'sh', perl, launcher];
    return runInside(namespace, ...replaced, ...launched, ...all);
  }

  test('that cannot be run is UNKNOWN, and the answer tells why', async () => {
    const { code, stdout, stderr } = await withPerl('/dev/null', '--engine', 'kernel');
    expect(stdout).toMatch(/^SYN UNKNOWN - perl cannot be run: .* \(EACCES\)/);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  });

  test('that ends with a complaint is UNKNOWN, and the answer has its first line', async () => {
    const path = join(await directory(onTestFinished), 'perl');
    await writeFile(path, '#!/bin/sh\necho "perl: is broken" >&2\nexit 2\n', { mode: 0o755 });
    const { code, stdout, stderr } = await withPerl(path, '--engine', 'kernel');
    expect(stdout).toMatch(/^SYN UNKNOWN - perl ended with 2: perl: is broken$/m);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  });

  test('and nmap missing are UNKNOWN, and the answer names both', async () => {
    const { code, stdout } = await withPerl('/dev/null');
    expect(stdout).toMatch(/^SYN UNKNOWN - nmap cannot be run .*; perl cannot be run: /);
    expect(code).toBe(3);
  });

  test('ends with lbcheck, whatever ends that', async () => {
    const args = ['syn', '192.0.2.9', '25', '-t', '60', '--engine', 'kernel'];
    const [command, ...enter] = namespace.enter;
    const check = spawn(command, [...enter, executable, ...args], { stdio: 'ignore' });
    const ended = new Promise((exit) => check.on('exit', exit));
    const pid = check.pid ?? 0;
    await until('perl runs', async () => perlOf(pid) !== undefined);
    const perl = perlOf(pid);
    check.kill('SIGKILL');
    await ended;
    await until('perl is gone', async () => !(await isRunning(Number(perl))));
  });
});

/** The process id of the perl that a process has started. */
function perlOf(pid: number): string | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const files = threads.map((thread) => `/proc/${pid}/task/${thread}/children`);
    const children = files.flatMap((file) => readFileSync(file, 'utf8').match(/\d+/g) ?? []);
    return children.find((child) => /^perl$/m.test(readFileSync(`/proc/${child}/comm`, 'utf8')));
  } catch {
    return undefined;
  }
}
