import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import {
  configure,
  makeNamespace,
  type Namespace,
  startFarServer,
  synInside,
} from '../support/syn-namespace.ts';

const cleanUp = afterThisFile();
const far = '192.0.2.9';
let namespace: Namespace;
beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
  await configure(namespace, `ip neigh add ${far} lladdr 02:00:00:00:00:09 dev wire0`);
});

describe.each(['nmap', 'kernel', 'auto'])('the engine %s', (engine) => {
  test.each([
    [350, 2],
    [450, 2],
    [700, 3],
    [1100, 4],
  ])('knows an open port at a round trip of %s ms and a deadline of %s s', async (ms, timeout) => {
    await startFarServer(onTestFinished, namespace, { seconds: ms / 1000 });
    const args = ['-t', String(timeout), '--engine', engine];
    const { stdout } = await synInside(namespace, far, '25', ...args);
    expect(stdout).toMatch(/^SYN OK - 192\.0\.2\.9:25 is open \(syn-ack\) /);
  });

  test('knows an open port whose server answers twice', async () => {
    await startFarServer(onTestFinished, namespace, { times: 2 });
    const { stdout } = await synInside(namespace, far, '25', '--engine', engine);
    expect(stdout).toMatch(/^SYN OK - 192\.0\.2\.9:25 is open \(syn-ack\) /);
  });

  test('does not take the answer of another port', async () => {
    await startFarServer(onTestFinished, namespace, { isElsewhere: true });
    const args = ['-t', '3', '--adjacent', 'never', '--engine', engine];
    const { stdout } = await synInside(namespace, far, '25', ...args);
    expect(stdout).toMatch(/^SYN CRITICAL - 192\.0\.2\.9:25 is filtered \(no-response\) /);
  });
});
