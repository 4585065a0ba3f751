import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CleanUp } from './clean-up.ts';
import { directory, type Program, start, until } from './programs.ts';

const run = promisify(execFile);

/** A database server that only listens on a Unix socket. */
export interface Database {
  /** Where its socket is. */
  readonly files: string;
  /** Ends it at once, even if clients are connected. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** Starts PostgreSQL, which never runs as root, with its own cluster; its socket has the usual name. */
export async function startPostgresql(cleanUp: CleanUp): Promise<Database> {
  const versions = '/usr/lib/postgresql';
  const bin = join(versions, readdirSync(versions).at(-1) ?? '', 'bin');
  const files = await directory(cleanUp);
  const data = join(files, 'data');
  const user = ['--reuid=postgres', '--regid=postgres', '--init-groups', '--'];
  const [command, ...args] = isRoot ? ['setpriv', ...user] : ['env', '--'];
  if (isRoot) await run('chown', ['postgres', files]);
  const make = ['-D', data, '-A', 'peer', '--locale=C', '--no-sync'];
  await run(command, [...args, join(bin, 'initdb'), ...make]);
  const serve = [join(bin, 'postgres'), '-D', data, '-k', files, '-h', '', '-F'];
  const program = await start(cleanUp, command, [...args, ...serve]);
  await until('PostgreSQL has started', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return program.output().includes('ready to accept connections');
  });
  return { files, stop: (signal = 'SIGINT') => stop(program, signal) };
}

/** Starts MariaDB in its own directory, with a root that needs no password. */
export async function startMariadb(
  cleanUp: CleanUp,
  options: readonly string[] = [],
): Promise<Database> {
  const files = await directory(cleanUp);
  const common = ['--no-defaults', `--datadir=${join(files, 'data')}`];
  if (isRoot) common.push('--user=root');
  const make = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  await run('mariadb-install-db', [...common, ...make]);
  const serve = [...common, `--socket=${join(files, 'socket')}`, '--skip-networking', ...options];
  const program = await start(cleanUp, 'mariadbd', serve);
  await until('MariaDB has started', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return program.output().includes('ready for connections');
  });
  return { files, stop: (signal = 'SIGTERM') => stop(program, signal) };
}

async function stop({ pid, hasEnded }: Program, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  await until('the server has ended', async () => hasEnded());
}
