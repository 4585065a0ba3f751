import { expect, onTestFinished, test } from 'vitest';
import { until } from '../support/programs.ts';
import { ask, askRepeatedly, type Results } from '../support/resident.ts';
import { shellCheck, startServe } from '../support/serve.ts';

const body = async (port: number, path: string) =>
  (await ask(port, `GET ${path} HTTP/1.1\r\n\r\n`)).body;

test('SIGHUP reads the file anew: checks come, change and go', async () => {
  const serve = await startServe(
    onTestFinished,
    shellCheck('stays', 'echo one') +
      shellCheck('changes', 'echo one') +
      shellCheck('goes', 'echo'),
  );
  await serve.reload(
    shellCheck('stays', 'echo one') +
      shellCheck('changes', 'echo two') +
      shellCheck('comes', 'echo'),
  );
  expect(serve.output()).toContain('reloaded: 3 checks, 1 added, 1 removed, 1 changed\n');
  expect(await body(serve.port, '/changes')).toContain('two');
  expect(await body(serve.port, '/goes')).toContain('There is: stays, changes, comes.');
});

test('a check whose line did not change keeps its state', async () => {
  const text = shellCheck('held', 'date +%N', '--hold 300');
  const serve = await startServe(onTestFinished, text);
  const first = await body(serve.port, '/held');
  await serve.reload(`# a comment, and another check\n${text}${shellCheck('other', 'echo')}`);
  expect(await body(serve.port, '/held')).toBe(first);
  expect(serve.output().match(/^held ok: /gm)).toHaveLength(1);
});

test('a wrong file is logged with its mistakes, and the old checks stay', async () => {
  const serve = await startServe(onTestFinished, shellCheck('dnsbl', 'echo one'));
  await serve.reload('dnsbl nothing\nother nothing\n');
  expect(serve.output()).toMatch(
    /^the file is wrong, and the old checks stay: .*checks:1:7: there is no probe 'nothing'\. .*; and 1 more mistake$/m,
  );
  expect(await body(serve.port, '/dnsbl')).toContain('one');
});

test('a file that was wrong at the start is read anew too', async () => {
  const serve = await startServe(onTestFinished, 'dnsbl nothing\n');
  const wrong = await ask(serve.port);
  expect(wrong.status).toBe(503);
  expect(wrong.body).toContain(":1:7: there is no probe 'nothing'.");
  await serve.reload('other nothing\n');
  expect(serve.output()).toMatch(/^the file is still wrong: .*checks:1:7: there is no probe/m);
  expect((await ask(serve.port)).status).toBe(503);
  await serve.reload(shellCheck('dnsbl', 'echo one'));
  expect(serve.output()).toContain('reloaded: 1 check, 1 added, 0 removed, 0 changed\n');
  expect(await body(serve.port, '/dnsbl')).toContain('one');
});

test('100 times SIGHUP under load loses no client', async () => {
  const serve = await startServe(onTestFinished, shellCheck('quick', 'echo fine', '--hold 300'));
  const results: Results = { answered: 0, lost: [] };
  let signals = 0;
  const clients = askRepeatedly(serve.port, 4, results, () => signals < 100);
  while (signals < 100) {
    const before = results.answered;
    process.kill(serve.pid, 'SIGHUP');
    signals += 1;
    await until('a client is answered', async () => results.answered > before);
  }
  await clients;
  expect(results.lost).toEqual([]);
  expect(results.answered).toBeGreaterThan(100);
});
