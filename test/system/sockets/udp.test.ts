import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openUdpSocket } from '../../../src/system/sockets/udp.ts';

/** A server that sends back what it gets; returns its port. */
async function startEcho(): Promise<number> {
  const server = createSocket('udp4');
  onTestFinished(() => void server.close());
  server.on('message', (bytes, { port }) => server.send(bytes, port, '127.0.0.1'));
  await new Promise<void>((done) => server.bind(0, '127.0.0.1', done));
  return server.address().port;
}

test('a UDP socket sends, and gives what comes back', async () => {
  const port = await startEcho();
  const message = await new Promise<Buffer>((onMessage, onError) => {
    const opening = openUdpSocket('127.0.0.1', port, { onMessage, onError });
    opening.then((socket) => {
      onTestFinished(() => socket.close());
      socket.send(Buffer.from('question'));
    }, onError);
  });
  expect(message.toString()).toBe('question');
});

test('a UDP socket tells that nobody listens', async () => {
  const error = await new Promise<NodeJS.ErrnoException>((onError, reject) => {
    const opening = openUdpSocket('127.0.0.1', 1, { onMessage: () => {}, onError });
    opening.then((socket) => {
      onTestFinished(() => socket.close());
      socket.send(Buffer.from('question'));
    }, reject);
  });
  expect(error.code).toBe('ECONNREFUSED');
});

test('a UDP socket that cannot be connected is none', async () => {
  const events = { onMessage: () => {}, onError: () => {} };
  const opening = openUdpSocket('255.255.255.255', 53, events);
  await expect(opening).rejects.toMatchObject({ code: 'EACCES' });
});

test('the bundle holds nothing that only Bun runs', () => {
  const bundle = readFileSync('dist/lbcheck', 'utf8');
  expect(bundle).toContain('dgram');
  expect(bundle).not.toMatch(/udpSocket|versions\.bun/);
});
