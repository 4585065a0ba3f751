import { execFile } from 'node:child_process';
import type { CleanUp } from './clean-up.ts';
import { type Program, start, until } from './programs.ts';
import type { Credentials } from './tls-certificates.ts';

/** A running `openssl s_server`: one thread that blocks, and serves one connection at a time. */
export interface OpensslServer extends Program {
  readonly address: string;
  readonly port: number;
  /** How often a line has been printed. */
  readonly count: (line: string) => number;
}

/** What s_server prints for one connection: its handshake completed or not, and its proper end. */
export const lines = {
  established: 'CONNECTION ESTABLISHED',
  failed: 'CONNECTION FAILURE',
  closeNotify: 'SSL3 alert read:warning:close notify',
  closed: 'CONNECTION CLOSED',
} as const;

/** Starts s_server(1) on a free port; it sends each line that it reads back, reversed. */
export async function startOpenssl(
  cleanUp: CleanUp,
  { cert, key }: Credentials,
  ...args: readonly string[]
): Promise<OpensslServer> {
  const server = await start(cleanUp, 'openssl', [
    ...['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key],
    ...['-rev', '-state', ...args],
  ]);
  const port = () => Number(/^ACCEPT .*:(\d+)$/m.exec(server.output())?.[1] ?? 0);
  await until('openssl s_server listens', async () => {
    if (server.hasEnded()) throw new Error(server.output());
    return port() > 0;
  });
  const count = (line: string) => server.output().split(`\n${line}\n`).length - 1;
  return { ...server, address: '127.0.0.1', port: port(), count };
}

/** What a real client, `openssl s_client`, gets from an s_server for the word `hello`. */
export function greet({ address, port }: Pick<OpensslServer, 'address' | 'port'>): Promise<string> {
  const args = ['s_client', '-quiet', '-connect', `${address}:${port}`];
  return new Promise((answered) => {
    const client = execFile('openssl', args, { timeout: 10_000 }, (_error, stdout) =>
      answered(stdout.trim()),
    );
    client.stdin?.on('error', () => {}).end('hello\nCLOSE\n');
  });
}
