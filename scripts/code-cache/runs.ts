import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** One run of lbcheck. */
export interface Run {
  readonly args: readonly string[];
  /** Who asks: an HTTP client on a pipe, one on a socket that is stdout too, or nobody. */
  readonly stdin: 'pipe' | 'socket' | 'null';
  readonly expected: RegExp;
}

type Command = readonly [string, ...string[]];

/** How long a run may take, in seconds. */
const maxSeconds = 30;

/** Runs a program; resolves to its answer. */
export function runProgram({ args, stdin }: Run, [program, ...before]: Command): Promise<string> {
  const command: Command = [program, ...before, ...args];
  if (stdin === 'socket') return runOnSocket(command);
  const piped = ['-c', 'printf \'GET / HTTP/1.1\\r\\n\\r\\n\' | "$@"', 'sh', ...command];
  return stdin === 'pipe' ? output(['/bin/sh', ...piped]) : output(command);
}

/** What a program needs of the environment; NODE_OPTIONS would make the cache of another Node.js. */
const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin' };

function output([program, ...args]: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(program, args, { stdio: [...stdio], env: environment });
    const limit = setTimeout(() => child.kill('SIGKILL'), maxSeconds * 1000);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
    child.on('error', reject).on('close', () => {
      clearTimeout(limit);
      resolve(text);
    });
  });
}

/** As xinetd starts it. */
async function runOnSocket([program, ...args]: Command): Promise<string> {
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn(program, args, { stdio: [socket, socket, 'inherit'], env: environment });
    const limit = setTimeout(() => child.kill('SIGKILL'), maxSeconds * 1000);
    child
      .on('error', () => socket.destroy())
      .on('exit', () => {
        clearTimeout(limit);
        socket.destroy();
      });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const client = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  client.setEncoding('utf8').write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  try {
    let text = '';
    for await (const more of client) text += more;
    return text;
  } finally {
    server.close();
  }
}
