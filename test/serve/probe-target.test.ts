import { expect, test } from 'vitest';
import { critical } from '../../src/check/outcome.ts';
import { serveTargets } from '../../src/serve/probe-target.ts';
import type { AbortSignalLike } from '../../src/system/abort.ts';
import { replaceGetent } from '../support/getent.ts';

/** Serves a check that has no answer before its deadline. */
function serveSilent(timeout: number) {
  const check = {
    ...{ name: 'tls', target: '', timeout },
    probe: (signal: AbortSignalLike) =>
      new Promise<ReturnType<typeof critical>>((resolve) => {
        signal.addEventListener('abort', () => resolve(critical('silence')));
      }),
  };
  const template = {
    ...{ name: 'web', probe: 'tls', target: '{target}', timeout, hold: 0, aim: () => check },
    ...{ label: undefined, family: undefined, drainFile: undefined },
  };
  return serveTargets(template, () => true);
}

test('the look-up of a target and its check have one deadline together', async () => {
  replaceGetent('sleep 0.5; echo "127.0.0.1 STREAM slow.example"');
  const { report } = await serveSilent(2)('slow.example:443');
  expect(report.outcome.summary).toBe('silence');
  expect(report.time.maximum).toBeLessThanOrEqual(1.5);
});

test('a target that is an address has the whole deadline, or what the client allows', async () => {
  const ask = serveSilent(0.3);
  expect((await ask('127.0.0.1:443')).report.time.maximum).toBe(0.3);
  expect((await ask('127.0.0.1:443', 0.1)).report.time.maximum).toBe(0.1);
});
