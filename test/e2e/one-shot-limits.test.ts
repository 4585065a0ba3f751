import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launched, launcher } from '../support/executable.ts';
import { directory, until } from '../support/programs.ts';
import { shellCheck } from '../support/serve.ts';

/** Five checks whose performance data make an answer that no buffer of a unix socket holds. */
const checks = ['a', 'b', 'c', 'd', 'e'].map((name) =>
  shellCheck(name, `echo "fine | $(seq -s " " -f "metric_%g=1" 1000)"`),
);
const request = 'GET /metrics HTTP/1.1\r\n\r\n';

/** Starts lbcheck for one client, as a superserver does, on a unix socket, whose buffer is small. */
async function serveOne() {
  const files = await directory(onTestFinished, { checks: checks.join('') });
  const path = join(files, 'socket');
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(path);
  onTestFinished(() => void server.close());
  const client = connect(path);
  onTestFinished(() => void client.destroy());
  const [connection] = (await once(server, 'connection')) as [Socket];
  const process = spawn(launcher, [...launched, 'serve', join(files, 'checks')], {
    stdio: [connection, connection, 'ignore'],
  });
  onTestFinished(() => void process.kill('SIGKILL'));
  connection.destroy();
  return { client, hasEnded: async () => process.exitCode !== null };
}

test('a client that reads gets the whole of a large answer', async () => {
  const { client, hasEnded } = await serveOne();
  client.write(request);
  let text = '';
  for await (const part of client) text += part;
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text.match(/metric_1000/g)?.length).toBe(5);
  expect(text.length).toBeGreaterThan(250_000);
  await until('it has ended', hasEnded);
});

test('a client that never reads its large answer does not keep its process', async () => {
  const { client, hasEnded } = await serveOne();
  client.pause().write(request);
  await until('it has ended', hasEnded);
  expect(client.destroyed).toBe(false);
});
