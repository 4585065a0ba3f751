import { createServer, type Server } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { askKernel } from '../../../../src/probes/syn/kernel/ask.ts';
import { afterThisFile } from '../../../support/clean-up.ts';
import { directory, freePort } from '../../../support/programs.ts';

const cleanUp = afterThisFile();
let port: number;
let accepted = 0;
beforeAll(async () => {
  const server: Server = createServer((socket) => {
    accepted += 1;
    socket.on('error', () => {}).destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '::', listening));
  cleanUp(() => new Promise((closed) => server.close(() => closed())));
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});

const ask = (address: string, changes: { port?: number; timeout?: number } = {}) => {
  const { timeout = 10 } = changes;
  const question = { address, port: changes.port ?? port, timeout };
  return askKernel(question, AbortSignal.timeout(timeout * 1000));
};

const open = { kind: 'state', state: 'open', reason: 'syn-ack' };

test('no connection is accepted, in 300 checks', async () => {
  for (let count = 0; count < 300; count += 1) {
    expect(await ask(count % 2 === 0 ? '127.0.0.1' : '::1')).toEqual(open);
  }
  expect(accepted).toBe(0);
});

test('500 checks at once are answered', async () => {
  const findings = await Promise.all(
    Array.from({ length: 500 }, () => ask('127.0.0.1', { timeout: 25 })),
  );
  expect(new Set(findings.map((finding) => JSON.stringify(finding)))).toEqual(
    new Set([JSON.stringify(open)]),
  );
});

describe('a port that nothing listens on', () => {
  test('is closed', async () => {
    const closed = { kind: 'state', state: 'closed', reason: 'reset' };
    expect(await ask('127.0.0.1', { port: await freePort() })).toEqual(closed);
  });
});

describe('the environment of perl', () => {
  test.each([
    ['PERL5OPT', '-MNo::Such::Module'],
    ['PERL5OPT', '-d'],
    ['PERL5DB', 'BEGIN { exit }'],
    ['PERL_UNICODE', 'SDA'],
    ['LC_ALL', 'no_SUCH.locale'],
  ])('has no %s of a client: %s', async (name, value) => {
    vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await ask('127.0.0.1')).toEqual(open);
  });

  test.each(['PERL5LIB', 'PERLLIB'])('has no %s that holds a module to load', async (name) => {
    const text = 'BEGIN { exit 1 } 1;';
    vi.stubEnv(
      name,
      await directory(onTestFinished, { 'strict.pm': text, 'sitecustomize.pl': text }),
    );
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await ask('127.0.0.1')).toEqual(open);
  });
});

test('after the abort nothing is asked', async () => {
  const question = { address: '127.0.0.1', port, timeout: 1 };
  expect(await askKernel(question, AbortSignal.abort())).toMatchObject({ kind: 'unknown' });
});
