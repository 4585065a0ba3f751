import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * What a program answers to a request when one client's socket is its stdin, stdout and stderr, as xinetd
 * hands it over.
 */
export async function answerOnSocket(
  [command, ...args]: readonly [string, ...string[]],
  request: string,
): Promise<string> {
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn(command, args, { stdio: [socket, socket, socket] });
    child.on('exit', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once('listening', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connect(port, '127.0.0.1').setEncoding('utf8');
  client.write(request);
  let answer = '';
  for await (const text of client) answer += text;
  return answer;
}
