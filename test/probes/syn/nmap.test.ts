import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runNmap } from '../../../src/probes/syn/nmap.ts';
import { directory, until } from '../../support/programs.ts';
import { fakeNmap, isRunning } from '../../support/syn-nmap.ts';

const inTime = () => AbortSignal.timeout(20_000);

/** What a script in nmap's place comes to. */
async function ending(script: string) {
  const { path } = await fakeNmap(onTestFinished, script);
  return runNmap(path, [], inTime());
}

const isGone = (pid: number) => until(`${pid} is gone`, async () => !(await isRunning(pid)));

describe('a run of nmap', () => {
  test('gives all that was printed', async () => {
    expect(await ending('printf "x%.0s" $(seq 60000); echo bad >&2')).toEqual({
      kind: 'ended',
      xml: 'x'.repeat(60000),
      complaint: 'bad\n',
    });
  });

  test('has the words as they are: no shell reads them', async () => {
    const words = ['-p', '25', '$HOME', '`id`', 'a b', '', '*', ';echo x', '"', "'"];
    const { path, runs } = await fakeNmap(onTestFinished, '');
    await runNmap(path, words, inTime());
    expect(await runs()).toEqual([words]);
  });

  test('has the environment of lbcheck, and an empty stdin', async () => {
    process.env.MARK = '0x7';
    onTestFinished(() => {
      delete process.env.MARK;
    });
    expect(await ending('cat; echo $MARK')).toMatchObject({ xml: '0x7\n' });
  });

  test('ends when nmap crashes', async () => {
    expect(await ending('echo half; kill -SEGV $$')).toMatchObject({
      kind: 'ended',
      xml: 'half\n',
    });
  });

  test.each(['', ' >&2'])('ends when nmap would print without an end (yes%s)', async (where) => {
    const { path, file } = await fakeNmap(onTestFinished, `echo $$ >pid; yes${where}`);
    const run = await runNmap(path, [], inTime());
    expect(run.kind).toBe('ended');
    expect(JSON.stringify(run).length).toBeLessThan(200_000);
    await isGone(Number(await file('pid')));
  });

  test('is missing without an nmap', async () => {
    const files = await directory(onTestFinished, { text: 'no program' });
    const kinds = [join(files, 'nmap'), join(files, 'text'), files, 'lbcheck-no-such-program'];
    const runs = await Promise.all(kinds.map((path) => runNmap(path, [], inTime())));
    expect(runs).toEqual([
      { kind: 'missing', code: 'ENOENT' },
      { kind: 'missing', code: 'EACCES' },
      { kind: 'missing', code: 'EACCES' },
      { kind: 'missing', code: 'ENOENT' },
    ]);
  });
});

describe('at the deadline nmap is killed', () => {
  /** Aborts once the script has said that it runs, and returns what it wrote. */
  async function late(script: string) {
    const { path, file } = await fakeNmap(onTestFinished, script);
    const deadline = new AbortController();
    const run = runNmap(path, [], deadline.signal);
    const pids = (await file('pids')).trim().split(' ').map(Number);
    const start = performance.now();
    deadline.abort();
    expect(await run).toEqual({ kind: 'late' });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(pids.every((pid) => pid > 1)).toBe(true);
    for (const pid of pids) await isGone(pid);
  }

  test('when it hangs', () => late('echo $$ >pids; exec sleep 60'));

  test('when it takes no signal', () => late('trap "" TERM INT HUP; echo $$ >pids; sleep 60'));

  test('with its children', () => late('sleep 60 & echo $$ $! >pids; wait'));

  test('with a grandchild that holds its stdout, and has lost its parent', () =>
    late('(sleep 60 & echo $! >child); echo $$ $(cat child) >pids; sleep 60'));

  test('and a child that it left behind, when it has ended itself', () =>
    late('sleep 60 & echo $! >pids; exit 0'));
});

test('nmap is not started when the deadline is over', async () => {
  const { path, runs } = await fakeNmap(onTestFinished, '');
  expect(await runNmap(path, [], AbortSignal.abort())).toEqual({ kind: 'late' });
  expect(await runs()).toEqual([]);
});

test('a program that no system can run is missing', async () => {
  const { path } = await fakeNmap(onTestFinished, '');
  await writeFile(path, '#!/no/such/interpreter\n');
  expect(await runNmap(path, [], inTime())).toEqual({ kind: 'missing', code: 'ENOENT' });
});
