import { rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startHaproxy } from '../support/haproxy.ts';
import { adapted, shownBlock } from '../support/pages.ts';
import { directory, freePort } from '../support/programs.ts';
import { startResident } from '../support/resident.ts';

/** A server that answers each message with its own name. */
async function startNamed(name: string): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('data', () => socket.write(name));
  });
  const port = await freePort();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return port;
}

/** A session through HAProxy that asks for the name of its server. */
function openSession(port: number) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  const ask = () =>
    new Promise<string>((answered, failed) => {
      socket.once('data', (bytes) => answered(bytes.toString()));
      socket.once('error', failed).once('close', () => failed(new Error('closed')));
      socket.write('?');
    });
  return { ask, close: () => socket.destroy() };
}

test("HAProxy's disable-on-404: no new sessions, old ones finish, and up again", async () => {
  const drainFile = join(await directory(onTestFinished), 'drain');
  const check = ['exec', '--drain-file', drainFile, '--drain-code', '404', '--', 'echo', 'OK'];
  const [{ port: one }, { port: two }] = [
    await startResident(onTestFinished, check),
    await startResident(onTestFinished, ['exec', '--', 'echo', 'OK']),
  ];
  const port = await freePort();
  const shown = adapted(shownBlock('haproxy disable-on-404'), {
    '192.0.2.7:27000': `127.0.0.1:${await startNamed('one')} port ${one}`,
    '192.0.2.8:27000': `127.0.0.1:${await startNamed('two')} port ${two}`,
    ' port 8088 inter 5s': ' inter 200ms',
  });
  const frontend = `frontend front\n    bind 127.0.0.1:${port}\n    default_backend license\n`;
  const haproxy = await startHaproxy(onTestFinished, frontend + shown);
  const state = (server: string) => () => haproxy.state(`license/${server}`);
  const soon = { timeout: 15_000, interval: 50 };
  const up = { status: 'UP', check_status: 'L7OK', check_code: 200 };
  await expect.poll(state('one'), soon).toMatchObject(up);
  await expect.poll(state('two'), soon).toMatchObject(up);

  // HAProxy alternates: one of two sessions goes to the first server.
  const sessions = [openSession(port), openSession(port)];
  const names = await Promise.all(sessions.map(({ ask }) => ask()));
  expect([...names].sort()).toEqual(['one', 'two']);
  const onOne = sessions[names.indexOf('one')];

  await writeFile(drainFile, '');
  await expect.poll(state('one'), soon).toMatchObject({ status: 'NOLB', check_code: 404 });
  for (let count = 0; count < 6; count += 1) expect(await openSession(port).ask()).toBe('two');
  expect(await onOne?.ask()).toBe('one');
  expect(await state('one')()).toMatchObject({ scur: 1 });
  onOne?.close();
  await expect.poll(state('one'), soon).toMatchObject({ status: 'NOLB', scur: 0 });

  await rm(drainFile);
  await expect.poll(state('one'), soon).toMatchObject(up);
  const fresh = await Promise.all([1, 2, 3, 4].map(() => openSession(port).ask()));
  expect(fresh).toContain('one');
});
