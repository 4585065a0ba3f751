import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';

/** Polls until `condition` holds; throws after thirty seconds. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const giveUp = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > giveUp) throw new Error(`Waited 30 s in vain until ${what}`);
    await new Promise((soon) => setTimeout(soon, 20));
  }
}

/** A port of 127.0.0.1 that the system had free a moment ago, for TCP. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A new directory with these files, which other users may read. */
export async function directory(
  cleanUp: CleanUp,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lbcheck-'));
  cleanUp(() => rm(path, { recursive: true, force: true }));
  await chmod(path, 0o755);
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return path;
}

/** A running program of the system. */
export interface Program {
  readonly pid: number;
  /** What it has printed on stdout and stderr. */
  readonly output: () => string;
  readonly hasEnded: () => boolean;
}

/** Starts a program; it is ended by its pid. A program that is not installed throws. */
export async function start(
  cleanUp: CleanUp,
  command: string,
  args: readonly string[],
): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const pid = await new Promise<number>((started, failed) => {
    child.once('error', failed).once('spawn', () => started(child.pid ?? 0));
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  cleanUp(() => end(child, hasEnded));
  return { pid, output: () => output, hasEnded };
}

async function end(child: ChildProcess, hasEnded: () => boolean): Promise<void> {
  if (hasEnded()) return;
  const ended = new Promise((exit) => child.once('exit', exit));
  // A stopped process takes a signal only when it goes on.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(force);
}
