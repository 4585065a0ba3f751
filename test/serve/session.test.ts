import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import type { Report, Status } from '../../src/check/outcome.ts';
import { http } from '../../src/replies/http/index.ts';
import { plugin } from '../../src/replies/plugin.ts';
import { type Connection, serveClient } from '../../src/serve/session.ts';
import { connectionOn } from '../../src/serve/socket-connection.ts';
import type { Input } from '../../src/system/sockets/inbox.ts';
import { streamSocket } from '../../src/system/sockets/stream-node.ts';
import { openConnection } from '../support/connection.ts';
import { reportOf, statuses } from '../support/reports.ts';
import { clientOn, unread } from '../support/requests.ts';

const request = 'GET / HTTP/1.1\r\nHost: list.example\r\n\r\n';

/** An answer with a report of a status. */
const answerOf = (status: Status) => ({ kind: 'report' as const, report: reportOf(status) });

/** Serves a client, and then closes the socket as one-shot.ts does; returns the exit code of the reply. */
async function serve(socket: Socket, ask = async () => reportOf('ok'), reply = http) {
  try {
    const getAnswer = async () => ({ kind: 'report' as const, report: await ask() });
    return await serveClient(connectionOn(streamSocket(socket)), reply, 10, getAnswer);
  } finally {
    socket.destroy();
  }
}

/** All that a client reads until the end, or until an error. */
async function readAll(client: Socket): Promise<string> {
  let text = '';
  client.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await new Promise<void>((over) => {
    client.once('end', over).once('error', (error) => {
      text += `(${error.message})`;
      over();
    });
  });
  return text;
}

describe('a client', () => {
  test.each(statuses)('is answered, and the exit code is that of %s', async (status) => {
    const { client, ours } = await openConnection();
    client.end(request);
    const answer = readAll(client);
    expect(await serve(ours, async () => reportOf(status))).toBe(http.exitCodes[status]);
    expect(await answer).toMatch(/^HTTP\/1\.1 (200|503) .*a summary\n$/s);
  });

  test('is asked for only when its request is there', async () => {
    const { client, ours } = await openConnection();
    const ask = vi.fn(async () => reportOf('ok'));
    const status = serve(ours, ask);
    client.write('GET / HTTP/1.1\r\n');
    await vi.waitUntil(() => ours.bytesRead > 0);
    expect(ask).not.toHaveBeenCalled();
    client.end('\r\n');
    expect(await status).toBe(http.exitCodes.ok);
    expect(ask).toHaveBeenCalledOnce();
  });

  test('whose request is refused is told so, counts as unknown, and nothing is probed', async () => {
    const { client, ours } = await openConnection();
    client.write('EHLO list.example\r\n');
    const answer = readAll(client);
    const ask = async () => expect.unreachable('the probe was run');
    expect(await serve(ours, ask)).toBe(http.exitCodes.unknown);
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  // The plugin reply reads nothing, but on a socket our side must still see the end.
  test.each([http, plugin])('may end its side before it is answered', async (reply) => {
    const { client, ours } = await openConnection();
    client.end(request);
    const answer = readAll(client);
    const ended = new Promise((end) => ours.once('end', end));
    const ask = async () => {
      await ended;
      return reportOf('ok');
    };
    expect(await serve(ours, ask, reply)).toBe(0);
    expect(await answer).toContain('a summary');
  });

  test.each(['close', 'reset'] as const)(
    'may %s before it is answered, and the status stands',
    async (way) => {
      const { client, ours } = await openConnection();
      client.write(request);
      const gone = new Promise((over) => ours.once('end', over).once('close', over));
      const ask = async (): Promise<Report> => {
        if (way === 'close') client.destroy();
        else client.resetAndDestroy();
        await gone;
        return reportOf('critical');
      };
      expect(await serve(ours, ask)).toBe(http.exitCodes.critical);
    },
  );

  test('reads the whole answer though it sent more than was asked for', async () => {
    const { client, ours } = await openConnection();
    const answer = readAll(client);
    // Left unread, these bytes would turn the close into a reset.
    client.end(`${request}${'x'.repeat(300_000)}`);
    await serve(ours);
    expect(await answer).toMatch(/a summary\n$/);
  });

  test('is received out when it sends on after the answer', async () => {
    const { client, ours } = await openConnection();
    client.write(request);
    const answer = readAll(client).finally(() => client.end('more'));
    await serve(ours);
    expect(await answer).toMatch(/a summary\n$/);
    expect(ours.bytesRead).toBe(Buffer.byteLength(`${request}more`));
  });

  test.each<[string, (client: Socket) => unknown]>([
    ['stays and sends nothing', () => {}],
    ['never stops sending', (client) => setInterval(() => client.write('x'), 50).unref()],
  ])(
    'that %s is left in the end',
    async (_what, act) => {
      const { client, ours } = await openConnection();
      client.write(request);
      const timer = act(client);
      expect(await serve(ours)).toBe(http.exitCodes.ok);
      clearInterval(timer as NodeJS.Timeout | undefined);
    },
    10_000,
  );

  test('of a form that reads nothing is answered at once on a socket too', async () => {
    const { client, ours } = await openConnection();
    const answer = readAll(client).finally(() => client.end());
    expect(await serve(ours, async () => reportOf('warning'), plugin)).toBe(
      plugin.exitCodes.warning,
    );
    expect(await answer).toMatch(/^RBL WARNING - a summary/);
  });
});

describe('a client that is no socket', () => {
  const sent: string[] = [];
  const send = async (text: string) => void sent.push(text);

  const client = (input: Input): Connection => ({
    receive: input.receive,
    putBack: input.putBack,
    send,
    isSocket: false,
    isClosed: () => false,
  });

  test('is not received by a form that reads nothing', async () => {
    const serving = serveClient(client(unread), plugin, 10, async () => answerOf('ok'));
    expect(await serving).toBe(http.exitCodes.ok);
    expect(sent.at(-1)).toMatch(/^RBL OK - a summary/);
  });

  test('is answered without a wait for what else it may send', async () => {
    const input = new PassThrough();
    input.write(request);
    const serving = serveClient(client(clientOn(input)), http, 10, async () => answerOf('ok'));
    expect(await serving).toBe(http.exitCodes.ok);
    expect(sent.at(-1)).toContain('RBL is running.');
  });

  test('is refused at the deadline of its request', async () => {
    const ask = async () => expect.unreachable('the probe was run');
    const serving = serveClient(client(clientOn(new PassThrough())), http, 0.1, ask);
    expect(await serving).toBe(http.exitCodes.unknown);
    expect(sent.at(-1)).toMatch(/^HTTP\/1\.1 408 /);
  });
});
