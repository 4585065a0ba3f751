import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isNative } from '../support/executable.ts';
import { startRbldnsd, zoneFiles } from '../support/rbldnsd.ts';
import { peakSize, startResident } from '../support/resident.ts';

const run = promisify(execFile);

/** Asks on 32 connections at a time until there were so many checks; all are answered with 200. */
async function check(port: number, many: number): Promise<void> {
  const load = ['--threads', '1', '--connections', '32', '--duration', '2s'];
  for (let done = 0; done < many; ) {
    const url = `http://127.0.0.1:${port}/`;
    const { stdout } = await run('wrk', [...load, '--header', 'Connection: close', url]);
    expect(stdout).not.toMatch(/Socket errors|Non-2xx/);
    done += Number(/^ *(\d+) requests in /m.exec(stdout)?.[1] ?? Number.NaN);
  }
}

// `npm run soak` goes on for a million.
test('100,000 checks take no more memory than 50,000', { timeout: 300_000 }, async ({
  onTestFinished,
}) => {
  const server = await startRbldnsd(onTestFinished, { 'good.example': zoneFiles.good });
  const { port, pid } = await startResident(onTestFinished, [
    ...['rbl', '127.0.0.1', String(server.port), '--zone', 'good.example'],
  ]);
  await check(port, 50_000);
  const half = peakSize(pid);
  await check(port, 50_000);
  expect(peakSize(pid)).toBeLessThan(half * 1.05);
  expect(peakSize(pid)).toBeLessThan(isNative ? 160 : 70);
});
