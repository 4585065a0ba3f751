import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { install } from './executable.ts';
import { directory, freePort, type Program, start, until } from './programs.ts';

export interface Xinetd extends Program {
  readonly port: number;
  /** Starts the next one on the same configuration, once this one is gone. */
  readonly next: () => Promise<Program>;
}

/**
 * Installs lbcheck with scripts/install below a new directory, changes in the shipped service what its
 * comments tell an operator to change, and runs xinetd on it.
 */
export async function startXinetd(
  cleanUp: CleanUp,
  serverArguments: string,
  changes: Readonly<Record<string, string>> = {},
  service = 'lbcheck-rbl',
): Promise<Xinetd> {
  const root = await directory(cleanUp);
  const port = await freePort();
  const prefix = join(root, 'usr');
  install('--destdir', root, '--prefix', '/usr');
  const file = join(root, 'xinetd.conf');
  const shipped = await readFile(join(root, 'etc/xinetd.d', service), 'utf8');
  const installed = shipped.replaceAll('/usr/bin/lbcheck', join(prefix, 'bin/lbcheck'));
  const [launcher = ''] = /(?<=^\tserver_args\t+= ).*\/lbcheck /m.exec(installed) ?? [];
  const changed = Object.entries({
    disable: 'no',
    port: String(port),
    // A service may start lbcheck through another program.
    server_args: launcher + serverArguments,
    // Only root may run a service as somebody else.
    ...(userInfo().uid !== 0 && { user: userInfo().username }),
    ...changes,
  }).reduce(set, installed);
  await writeFile(file, changed);
  const log = join(root, 'log');
  const args = ['-dontfork', '-f', file, '-pidfile', join(root, 'pid'), '-filelog', log];
  const begin = async () => {
    const program = await start(cleanUp, 'xinetd', args);
    await until('xinetd listens', async () => {
      if (program.hasEnded()) throw new Error(program.output() + (await readFile(log, 'utf8')));
      return isListening(port);
    });
    return program;
  };
  return { ...(await begin()), port, next: begin };
}

/** Sets one attribute of a service. An attribute that the shipped file does not have is a mistake. */
function set(service: string, [name, value]: readonly [string, string]): string {
  const line = new RegExp(`^(\\t${name}\\t+=).*$`, 'm');
  if (!line.test(service)) throw new Error(`the shipped service has no attribute ${name}`);
  return service.replace(line, `$1 ${value}`);
}

/** True when something listens on a port. This asks the kernel, and makes no connection. */
export async function isListening(port: number): Promise<boolean> {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((table) => readFile(table, 'utf8'));
  const sockets = (await Promise.all(tables)).join('\n').split('\n');
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return sockets.some((line) => {
    const [, address, , state] = line.trim().split(/\s+/);
    return state === '0A' && address?.endsWith(local);
  });
}

/** What a client got on one connection: all bytes to the end of file, and the error, if there was one. */
export interface Exchange {
  readonly text: string;
  readonly error: string | undefined;
}

/**
 * A client of a port of 127.0.0.1, or of the path of a unix socket. It reads to the end of file, and
 * reports a reset as an error. `parts` are sent one after the
 * other as they can be written; `ends` closes its side behind them.
 */
export function exchange(
  server: number | string,
  parts: readonly (string | Buffer)[],
  ends = false,
): Promise<Exchange> {
  return new Promise((over) => {
    let text = '';
    let error: string | undefined;
    const where =
      typeof server === 'number' ? { host: '127.0.0.1', port: server } : { path: server };
    const socket = connect({ ...where, allowHalfOpen: true });
    socket.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
    socket.on('end', () => socket.destroy());
    socket.on('error', (failure: NodeJS.ErrnoException) => {
      error = failure.code;
    });
    socket.on('close', () => over({ text, error }));
    for (const part of parts) socket.write(part);
    if (ends) socket.end();
  });
}
