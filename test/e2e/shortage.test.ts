import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startDnsServer } from '../support/dns-server.ts';
import { listResponder, testEntries } from '../support/dnsbl.ts';
import { executable, lbcheck } from '../support/executable.ts';

/** From too few for the runtime to enough for a check. */
const limits = Array.from({ length: 20 }, (_unused, index) => String(index + 6));

/** What a check prints, for each limit of open files. */
async function underLimits(...args: readonly string[]): Promise<readonly string[]> {
  const runs = limits.map((limit) =>
    lbcheck([`--nofile=${limit}`, executable, ...args, '--reply', 'plugin', '-t', '20'], {
      command: 'prlimit',
      input: '',
    }),
  );
  return (await Promise.all(runs)).map(({ stdout }) => stdout);
}

/** Too few descriptors tell nothing about the target: either the check is made, or it is unknown. */
function expectNoBlame(texts: readonly string[]): void {
  expect(texts.filter((text) => text !== '' && !/^[A-Z]+ (OK|UNKNOWN) - /.test(text))).toEqual([]);
  expect(texts.at(-1)).toMatch(/^[A-Z]+ OK - /);
}

test('a list server is not blamed for a lack of descriptors', async () => {
  const list = await startDnsServer(listResponder({ zone: 'list.example', entries: testEntries }));
  onTestFinished(list.close);
  const port = String(list.port);
  expectNoBlame(await underLimits('rbl', list.address, port, '--zone', 'list.example'));
  expectNoBlame(await underLimits('rbl', list.address, port, '--zone', 'list.example', '--tcp'));
});

test('a TLS server is not blamed for a lack of descriptors', async () => {
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .resume()
      .end('not TLS');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => new Promise((closed) => server.close(() => closed())));
  const address = server.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  expectNoBlame(await underLimits('tls', '127.0.0.1', port));
});
