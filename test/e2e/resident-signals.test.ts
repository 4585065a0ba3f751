import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { isRunning } from '../support/fake-program.ts';
import { startPausable } from '../support/pause.ts';
import { until } from '../support/programs.ts';
import { startWorkingList, working, zone } from '../support/rbl.ts';
import { ask, askRepeatedly, type Results, startResident } from '../support/resident.ts';
import { startHeldDnsServer } from '../support/resident-dns.ts';

const cleanUp = afterThisFile();
let args: readonly string[];

beforeAll(async () => {
  args = await startWorkingList(cleanUp);
});

describe.each(['SIGUSR1', 'SIGUSR2', 'SIGPIPE'] as const)('%s', (signal) => {
  test('does nothing to a resident', async () => {
    const { port, pid, output } = await startResident(onTestFinished, args);
    await ask(port);
    process.kill(pid, signal);
    expect((await ask(port)).status).toBe(200);
    expect(output()).not.toMatch('Debugger');
  });

  test('does nothing to one check', async () => {
    const server = await startHeldDnsServer(onTestFinished, working);
    const check = ['rbl', '127.0.0.1', String(server.port), '--zone', zone, '--timeout', '20'];
    const run = startPausable(onTestFinished, [...check, '--reply', 'plugin']);
    await until('it asks', async () => server.queries() > 0);
    run.signal(signal);
    server.release();
    expect(await run.ended).toEqual({
      ...{ code: 0, stdout: expect.stringMatching(/^RBL OK - /), stderr: '' },
    });
  });
});

test.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)(
  '%s ends a resident when its clients are answered',
  async (signal) => {
    const server = await startHeldDnsServer(onTestFinished, working);
    const check = ['rbl', '127.0.0.1', String(server.port), '--zone', zone, '--timeout', '20'];
    const { port, pid } = await startResident(onTestFinished, check);
    const asked = ask(port);
    await until('it asks', async () => server.queries() > 0);
    process.kill(pid, signal);
    server.release();
    expect((await asked).status).toBe(200);
    await until('the resident has left', async () => !(await isRunning(pid)));
  },
);

test('SIGTERM on a port of its own resets nobody that is connected', {
  timeout: 90_000,
}, async () => {
  for (let round = 0; round < 8; round += 1) {
    const { port, pid } = await startResident(onTestFinished, args);
    const results: Results = { answered: 0, lost: [] };
    const asking = askRepeatedly(port, 8, results, () => results.lost.length === 0);
    await until('it answers', async () => results.answered > 50);
    process.kill(pid, 'SIGTERM');
    await until('the resident has left', async () => !(await isRunning(pid)));
    await asking;
    // Whoever comes later is refused, and knows it.
    expect(new Set(results.lost)).toEqual(new Set(['ECONNREFUSED: ']));
  }
});
