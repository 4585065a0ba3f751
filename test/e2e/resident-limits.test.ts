import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { denySockets } from '../support/denied-sockets.ts';
import { executable } from '../support/executable.ts';
import { freePort, start, until } from '../support/programs.ts';
import { startWorkingList } from '../support/rbl.ts';
import { ask, askRepeatedly, type Results, startResident } from '../support/resident.ts';
import { isListening } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
const run = promisify(execFile);
let args: readonly string[];

beforeAll(async () => {
  args = await startWorkingList(cleanUp);
});

test('--listen :PORT listens on IPv4 where the kernel has no IPv6', async () => {
  const port = await freePort();
  const command = [executable, ...args, '--listen', `:${port}`];
  const [denier, ...rest] = denySockets('IPv6', 'EAFNOSUPPORT', command);
  await start(onTestFinished, denier, rest);
  await until('it listens', () => isListening(port));
  expect((await ask(port)).status).toBe(200);
});

// The limits of the shipped services: rlimit_files of xinetd at its least, LimitNOFILE of systemd.
test.each([
  [64, 12, 1500],
  [560, 450, 4000],
  [2048, 500, 4000],
])('with %i descriptors all of %i clients at a time are answered', async (files, clients, many) => {
  const { port } = await startResident(onTestFinished, args, ['prlimit', `--nofile=${files}`]);
  const results: Results = { answered: 0, lost: [] };
  let left = many;
  await askRepeatedly(port, clients, results, () => left-- > 0);
  expect(results).toEqual({ answered: many, lost: [] });
});

test.each(['tcp', 'unix'] as const)(
  'clients that never read their large answer hold nobody up, and go: %s',
  { timeout: 120_000 },
  async (kind) => {
    const fixture = join(import.meta.dirname, '../fixtures/never-reads.cjs');
    const inside = `ip link set lo up mtu 1500 && exec ${process.execPath} ${fixture} ${executable} ${kind}`;
    const { stdout } = await run('unshare', ['--net', 'sh', '-c', inside], {
      ...{ timeout: 100_000, killSignal: 'SIGKILL' },
    });
    const { before, peak, after, answer, endSeconds } = JSON.parse(stdout);
    expect(peak.megabytes).toBeLessThan(before.megabytes + 250);
    expect(after.megabytes).toBeLessThan(before.megabytes + 250);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 2);
    expect(endSeconds).toBeLessThan(5);
  },
);
