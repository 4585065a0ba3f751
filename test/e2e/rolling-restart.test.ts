import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startHaproxy } from '../support/haproxy.ts';
import { shownBlock } from '../support/pages.ts';
import { directory, freePort } from '../support/programs.ts';
import { startRestartable } from '../support/restartable.ts';

const run = promisify(execFile);

/** Asks again and again until it is told to stop; returns the result of every request. */
function load(url: string) {
  const seen = new Map<string, number>();
  let goesOn = true;
  const one = async () => {
    while (goesOn) {
      const outcome = await fetch(url, { headers: { connection: 'close' } }).then(
        async (response) => `${response.status} ${(await response.text()).trim()}`,
        (error: Error) => String(error.cause ?? error),
      );
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
  };
  const all = Promise.all([one(), one(), one()]);
  return async () => {
    goesOn = false;
    await all;
    return Object.fromEntries(seen);
  };
}

test('two servers restart one after the other, and no request fails', async ({
  onTestFinished,
}) => {
  const one = await startRestartable(onTestFinished, 'haproxy');
  const two = await startRestartable(onTestFinished, 'http');
  const [port, statistics] = [await freePort(), await freePort()];
  const haproxy = await startHaproxy(
    onTestFinished,
    `frontend load
    mode http
    bind 127.0.0.1:${port}
    default_backend web
frontend statistics
    mode http
    bind 127.0.0.1:${statistics}
    stats enable
    stats uri /
backend web
    mode http
    retries 0
    option httpchk
    server one 127.0.0.1:${one.port} check inter 500ms agent-check agent-port ${one.checkPort} agent-inter 500ms
    server two 127.0.0.1:${two.port} check port ${two.checkPort} inter 500ms`,
  );
  for (const name of ['web/one', 'web/two']) {
    const state = () => haproxy.state(name);
    await expect.poll(state, { timeout: 15_000 }).toMatchObject({ status: 'UP' });
  }
  const files = await directory(onTestFinished, { script: shownBlock('sh rolling-restart') });
  await chmod(join(files, 'script'), 0o755);

  const stop = load(`http://127.0.0.1:${port}/`);
  for (const [name, { drainFile, restart }] of [
    ['web/one', one],
    ['web/two', two],
  ] as const) {
    const url = `http://127.0.0.1:${statistics}/`;
    await run(join(files, 'script'), [drainFile, url, name, ...restart], { timeout: 20_000 });
  }
  const seen = await stop();
  expect(Object.keys(seen)).toEqual(['200 served']);
  expect(seen['200 served']).toBeGreaterThan(100);
});
