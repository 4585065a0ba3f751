import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { isNative, parseResponse } from '../support/executable.ts';
import { type Rbldnsd, startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { exchange, startXinetd, type Xinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const run = promisify(execFile);
let server: Rbldnsd;
let xinetd: Xinetd;

beforeAll(async () => {
  server = await startRbldnsd(cleanUp, { 'good.example': zoneFiles.good });
  xinetd = await startXinetd(
    cleanUp,
    `rbl 127.0.0.1 ${server.port} --zone good.example --request-timeout 1`,
  );
});

const answer = async (...parts: readonly (string | Buffer)[]) => {
  const { text, error } = await exchange(xinetd.port, parts);
  return { error, ...parseResponse(text, parts.join('').startsWith('HEAD')) };
};

describe('the shipped xinetd service', () => {
  test('answers curl', async () => {
    const { stdout } = await run('curl', ['-sSi', `http://127.0.0.1:${xinetd.port}/health`]);
    const { status, body, fields } = parseResponse(stdout);
    expect(status).toBe(200);
    expect(body).toBe('RBL is running.\ngood.example: lists 127.0.0.2 as 127.0.0.2\n');
    expect(fields).toMatchObject({
      connection: 'close',
      'cache-control': 'no-store',
      'content-type': 'text/plain; charset=utf-8',
    });
    expect(Math.abs(Date.now() - Date.parse(fields.date ?? ''))).toBeLessThan(60_000);
  });

  test('answers curl --head without a body', async () => {
    const { stdout } = await run('curl', ['-sSI', `http://127.0.0.1:${xinetd.port}/`]);
    expect(parseResponse(stdout, true)).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    [
      'what an AWS NLB sends',
      'GET / HTTP/1.1\r\nHost: 10.0.0.7:8088\r\nConnection: close\r\nUser-Agent: ELB-HealthChecker/2.0\r\nAccept-Encoding: gzip, compressed\r\n\r\n',
      200,
    ],
    ["HAProxy's default", 'OPTIONS / HTTP/1.0\r\n\r\n', 200],
    ['lines that end in LF alone', 'GET / HTTP/1.1\nHost: x\n\n', 200],
    ['a lone blank line', '\r\n', 200],
    ['another method', 'DELETE / HTTP/1.1\r\n\r\n', 405],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 400],
    ['a NUL in a field', 'GET / HTTP/1.1\r\nHost: \0\r\n\r\n', 400],
    ['101 lines', `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(100)}\r\n`, 431],
    ['20,000 fields', `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(20_000)}\r\n`, 431],
    ['1 MB without a line end', 'x'.repeat(1_000_000), 431],
    ['a head that never ends', 'GET / HTTP/1.1\r\n', 408],
    ['silence', '', 408],
  ])('answers %s', async (_what, request, expected) => {
    const { status, error, fields } = await answer(request);
    expect({ status, error }).toEqual({ status: expected, error: undefined });
    expect(fields.allow).toBe(expected === 405 ? 'GET, HEAD, OPTIONS' : undefined);
  });

  test.each([
    ['a body', ['POST / HTTP/1.1\r\nContent-Length: 200000\r\n\r\n', 'x'.repeat(200_000)], 405],
    ['a body behind GET', ['GET / HTTP/1.1\r\n\r\n', 'x'.repeat(200_000)], 200],
    ['pipelined requests', ['GET / HTTP/1.1\r\n\r\n'.repeat(50)], 200],
    ['a blank line too many, as F5 does', ['GET / HTTP/1.1\r\n\r\n\r\n\r\n'], 200],
  ])('never answers %s with a reset', async (_what, parts, expected) => {
    const exchanges = await Promise.all(
      Array.from({ length: 10 }, () => exchange(xinetd.port, parts)),
    );
    for (const { text, error } of exchanges) {
      expect(error).toBeUndefined();
      expect(parseResponse(text).status).toBe(expected);
    }
  });

  test('never answers bytes behind its first response byte with a reset', async () => {
    const { text, error } = await new Promise<{ text: string; error?: string }>((over) => {
      let text = '';
      let failed: string | undefined;
      const socket = connect({ host: '127.0.0.1', port: xinetd.port, allowHalfOpen: true });
      socket.setEncoding('utf8').on('data', (more) => {
        if (text === '') socket.write('and more\r\n');
        text += more;
      });
      socket.on('error', (failure) => {
        failed = failure.message;
      });
      socket.on('end', () => socket.destroy());
      socket.on('close', () => over(failed === undefined ? { text } : { text, error: failed }));
      socket.write('GET / HTTP/1.1\r\n\r\n');
    });
    expect(error).toBeUndefined();
    expect(parseResponse(text).status).toBe(200);
  });

  test('answers a client that has closed its side', async () => {
    const { text, error } = await exchange(xinetd.port, ['GET / HTTP/1.1\r\n\r\n'], true);
    expect(error).toBeUndefined();
    expect(parseResponse(text).status).toBe(200);
  });

  test('answers the end of file as a request', async () => {
    const { text } = await exchange(xinetd.port, [], true);
    expect(parseResponse(text).status).toBe(200);
  });

  // A process for each takes its time on a busy machine.
  const patient = { timeout: 120_000 };
  test('answers 200 back-to-back connections without one socket error', patient, async () => {
    for (let count = 0; count < 200; count += 1) {
      expect((await answer('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(200);
    }
  });
});

describe('an xinetd service', () => {
  test('answers wrong options with 503 and the reason', async ({ onTestFinished }) => {
    const { port } = await startXinetd(onTestFinished, 'rbl --zone bad..zone --timeout 0');
    const { text, error } = await exchange(port, ['GET / HTTP/1.1\r\n\r\n']);
    expect(error).toBeUndefined();
    const { status, body } = parseResponse(text);
    expect(status).toBe(503);
    expect(body).toMatch("option '--zone <ZONE>' argument 'bad..zone' is invalid");
  });

  test('gives its check nothing of the environment that xinetd has', async ({ onTestFinished }) => {
    process.env.RBL_ZONE = 'leaked.example';
    onTestFinished(async () => {
      delete process.env.RBL_ZONE;
    });
    const { port } = await startXinetd(onTestFinished, `rbl 127.0.0.1 ${server.port}`);
    const { text } = await exchange(port, ['GET / HTTP/1.1\r\n\r\n']);
    expect(parseResponse(text).body).toMatch('--zone is missing');
  });

  // The native executable ignores NODE_OPTIONS.
  test.skipIf(isNative)('shows no warning of Node to its client', async ({ onTestFinished }) => {
    const warns = resolve(import.meta.dirname, '../fixtures/warns.cjs');
    const { port } = await startXinetd(
      onTestFinished,
      `rbl 127.0.0.1 ${server.port} --zone good.example`,
      { env: `PATH=/usr/local/bin:/usr/bin:/bin NODE_OPTIONS=--require=${warns}` },
    );
    const { text } = await exchange(port, ['GET / HTTP/1.1\r\n\r\n']);
    expect(parseResponse(text).status).toBe(200);
  });
});
