import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseResponse } from '../support/executable.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { exchange, isListening, startXinetd } from '../support/xinetd.ts';

const run = promisify(execFile);

test('lbcheck-tls asks a TLS server', async ({ onTestFinished }) => {
  const files = await directory(onTestFinished);
  const [key, cert] = [join(files, 'key.pem'), join(files, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost'];
  await run('openssl', [...request, '-keyout', key, '-out', cert]);
  const tlsPort = await freePort();
  const args = ['s_server', '-www', '-accept', `127.0.0.1:${tlsPort}`, '-key', key, '-cert', cert];
  const server = await start(onTestFinished, 'openssl', args);
  await until('s_server listens', () => isListening(tlsPort));
  const check = `tls 127.0.0.1 ${tlsPort} --timeout 1`;
  const { port } = await startXinetd(onTestFinished, check, {}, 'lbcheck-tls');
  const ask = async () => parseResponse((await exchange(port, ['GET / HTTP/1.1\r\n\r\n'])).text);

  const up = await ask();
  expect(up.status).toBe(200);
  expect(up.body).toMatch(/^TLS is running\.\nTLSv1\.3 handshake completed with TLS_/);
  process.kill(server.pid, 'SIGSTOP');
  const blocked = await ask();
  expect(blocked.status).toBe(503);
  expect(blocked.body).toMatch('accepts TCP but does not answer TLS: blocked');
});

test('lbcheck-syn asks for a port, unnoticed by its server', async ({ onTestFinished }) => {
  const listener = createServer();
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise((ended) => listener.close(() => ended())));
  const address = listener.address();
  const open = String(typeof address === 'object' ? address?.port : '');
  const closed = String(await freePort());
  const state = async (target: string) => {
    const { port } = await startXinetd(
      onTestFinished,
      `syn 127.0.0.1 ${target}`,
      {},
      'lbcheck-syn',
    );
    return parseResponse((await exchange(port, ['GET / HTTP/1.1\r\n\r\n'])).text);
  };
  expect(await state(open)).toMatchObject({
    status: 200,
    body: `SYN is running.\n127.0.0.1:${open} is open (syn-ack)\n`,
  });
  expect(await state(closed)).toMatchObject({
    status: 503,
    body: `SYN is not running or not accessible.\n127.0.0.1:${closed} is closed (reset)\n`,
  });
});
