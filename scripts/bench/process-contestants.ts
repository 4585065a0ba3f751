import { createServer } from 'node:net';
import type { CleanUp } from '../../test/support/clean-up.ts';
import { installBundle } from '../../test/support/code-cache.ts';
import { freePort, start, until } from '../../test/support/programs.ts';
import { makeCertificates } from '../../test/support/tls-certificates.ts';
import { isListening } from '../../test/support/xinetd.ts';
import {
  executables,
  installedRbl,
  type Kind,
  type List,
  peers,
  scripts,
  synBy,
} from './contestants.ts';
import type { ProcessContestant } from './process-race.ts';

/** One check of a list server. */
export async function rblContestants(
  cleanUp: CleanUp,
  { zone, port }: List,
): Promise<readonly ProcessContestant[]> {
  const { bundle, make } = await installBundle(cleanUp);
  make();
  const question = ['rbl', '127.0.0.1', port, '--zone', zone];
  const entry = `2.0.0.127.${zone}`;
  const dig = ['-H', '127.0.0.1', '-p', port, '-l', entry, '-T', 'A', '-a', '127.0.0.2'];
  return [
    ...lbcheck('rbl', question.slice(1), 'HTTP/1.1 200 OK'),
    { name: installedRbl, args: [bundle, ...question], expected: 'HTTP/1.1 200 OK' },
    { name: peers.node, args: ['node', '-e', '0'], expected: '' },
    { name: peers.shell, args: [scripts.usual, port, zone], expected: 'HTTP/1.1 200 OK' },
    { name: peers.leanShell, args: [scripts.lean, port, zone], expected: 'HTTP/1.1 200 OK' },
    { name: peers.checkDig, args: ['check_dig', ...dig], expected: 'DNS OK' },
  ];
}

/** One handshake with a TLS server. */
export async function tlsContestants(cleanUp: CleanUp): Promise<readonly ProcessContestant[]> {
  const port = await startTlsServer(cleanUp);
  return [
    ...lbcheck('tls', ['127.0.0.1', port], 'HTTP/1.1 200 OK'),
    {
      name: peers.checkTcp,
      args: ['check_tcp', '-H', '127.0.0.1', '-p', port, '-S'],
      expected: 'TCP OK',
    },
  ];
}

/** Starts a server for one connection at a time. It prints nothing, so a busy parent cannot block it. */
async function startTlsServer(cleanUp: CleanUp): Promise<string> {
  const { cert, key } = (await makeCertificates(cleanUp)).server;
  const port = await freePort();
  const args = ['-accept', `127.0.0.1:${port}`, '-cert', cert, '-key', key, '-www', '-quiet'];
  const server = await start(cleanUp, 'openssl', ['s_server', ...args]);
  await until('openssl s_server listens', async () => {
    if (server.hasEnded()) throw new Error(server.output());
    return isListening(port);
  });
  return String(port);
}

/** One half-open check by each engine, and nmap alone with the same options. */
export async function synContestants(cleanUp: CleanUp): Promise<readonly ProcessContestant[]> {
  // The kernel answers a SYN even while this process is busy.
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanUp(() => new Promise((closed) => server.close(() => closed())));
  const address = server.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const options = ['-sS', '-n', '-Pn', '--disable-arp-ping', '-oX', '-', '-p', port, '127.0.0.1'];
  return [
    ...lbcheck('syn', ['127.0.0.1', port, '--engine', 'kernel'], 'is open', synBy.kernel),
    ...lbcheck('syn', ['127.0.0.1', port, '--engine', 'nmap'], 'is open', synBy.nmap),
    { name: peers.nmap, args: ['nmap', ...options], expected: 'state="open"' },
  ];
}

function lbcheck(
  probe: string,
  args: readonly string[],
  expected: string,
  nameOf = (kind: Kind) => `lbcheck ${probe} (${kind})`,
) {
  return executables.map(({ kind, path }): ProcessContestant => {
    return { name: nameOf(kind), args: [path, probe, ...args], expected };
  });
}
