import { resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import {
  makeNamespace,
  type Namespace,
  runInside,
  startSaying,
  synInside,
} from '../support/syn-namespace.ts';

const cleanUp = afterThisFile();
const far = '192.0.2.9';
let namespace: Namespace;
beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
  const neighbour = ['ip', 'neigh', 'add', far, 'lladdr', '02:00:00:00:00:09', 'dev', 'wire0'];
  expect(await runInside(namespace, ...neighbour)).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  [250, 0.8],
  [350, 1.5],
  [450, 1.5],
  [700, 2],
  [1100, 3],
])('a port is open at a round trip of %s ms and a deadline of %s s', async (ms, timeout) => {
  const fixture = resolve(import.meta.dirname, '../fixtures/far-server.pl');
  const server = ['perl', fixture, 'wire1', String(ms / 1000)];
  await startSaying(onTestFinished, [...namespace.enter, ...server], 'listening');
  const { stdout } = await synInside(namespace, far, '25', '-t', String(timeout));
  expect(stdout).toMatch(/^SYN OK - 192\.0\.2\.9:25 is open \(syn-ack\) /);
});
