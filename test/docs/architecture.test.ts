import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Outcome } from '../../src/check/outcome.ts';
import { redis } from '../fixtures/redis-probe.ts';
import { aim } from '../support/aim.ts';
import { openTarget } from '../support/open-servers.ts';
import { shownBlock } from '../support/pages.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { targetKinds } from '../support/targets.ts';

function probe(port: number, signal = AbortSignal.timeout(1000)): Promise<Outcome> {
  return aim(redis, ['127.0.0.1', String(port)], 1).probe(signal);
}

/** Starts a Redis server on its own port; returns the port. */
async function startRedis(...options: readonly string[]): Promise<number> {
  const port = await freePort();
  const files = await directory(onTestFinished);
  const address = ['--bind', '127.0.0.1', '--port', String(port)];
  const program = await start(onTestFinished, 'redis-server', [
    ...address,
    ...['--dir', files, '--save', ''],
    ...options,
  ]);
  await until('Redis has started', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return program.output().includes('Ready to accept connections');
  });
  return port;
}

/** Biome sorts imports by their paths, which differ between the two places. */
function withSortedImports(source: string): string {
  const [imports = '', ...rest] = source.split('\n\n');
  return [imports.split('\n').sort().join('\n'), ...rest].join('\n\n');
}

describe('the example of a new probe', () => {
  test('is on its page as it is tested here', () => {
    const path = join(import.meta.dirname, '../fixtures/redis-probe.ts');
    const tested = readFileSync(path, 'utf8');
    const inItsPlace = tested.replaceAll('../../src/probes/', './').replaceAll('../../src/', '../');
    expect(withSortedImports(shownBlock('ts redis-probe'))).toBe(withSortedImports(inItsPlace));
  });

  test('is ok when a Redis server answers', async () => {
    const port = await startRedis();
    const summary = `127.0.0.1:${port} answers PING`;
    expect(await probe(port)).toEqual({ status: 'ok', summary });
  });

  test('is critical when the server wants a password first', async () => {
    const port = await startRedis('--requirepass', 'secret');
    const outcome = await probe(port);
    expect(outcome.status).toBe('critical');
    expect(outcome.summary).toContain('NOAUTH');
  });

  test.each(targetKinds)('is critical for a %s target, within its deadline', async (kind) => {
    const { port } = await openTarget(kind);
    expect((await probe(port, AbortSignal.timeout(300))).status).toBe('critical');
  });

  test('is critical when the deadline has passed before it began', async () => {
    const { port } = await openTarget('silent');
    expect((await probe(port, AbortSignal.abort())).status).toBe('critical');
  });
});
