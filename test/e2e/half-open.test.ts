import { connect } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { lbcheck } from '../support/executable.ts';
import { until } from '../support/programs.ts';
import {
  firewalled,
  makeNamespace,
  type Namespace,
  ownAddress,
  runInside,
  startCounting,
  startSaying,
  synInside,
} from '../support/syn-namespace.ts';
import { startPostfix } from '../support/syn-postfix.ts';

const cleanUp = afterThisFile();
let namespace: Namespace;
beforeAll(async () => {
  namespace = await makeNamespace(cleanUp);
});

const checks = 20;

/** Makes many checks, one after the other; each must be OK. */
async function repeat(check: () => Promise<{ readonly stdout: string }>): Promise<void> {
  for (let count = 0; count < checks; count += 1) {
    expect((await check()).stdout).toMatch(/^SYN OK - /);
  }
}

describe.each(['nmap', 'kernel'])('the engine %s', (engine) => {
  test(`is not accepted in ${checks} checks, and one plain connect is`, async () => {
    const server = await startCounting(onTestFinished, namespace, ownAddress, 25);
    await repeat(() => synInside(namespace, ownAddress, '25', '-t', '10', '--engine', engine));
    await runInside(namespace, 'bash', '-c', `exec 3<>/dev/tcp/${ownAddress}/25`);
    const accepted = () => server.output().split('accepted').length - 1;
    // The kernel hands over connections in their order: those of the checks would be accepted before.
    await until('the plain connect is accepted', async () => accepted() > 0);
    expect(accepted()).toBe(1);
  }, 120_000);

  test(`leaves no line in Postfix's log in ${checks} checks, and one plain connect does`, async () => {
    const postfix = await startPostfix(onTestFinished);
    const args = ['syn', '127.0.0.1', String(postfix.port), '-t', '10', '--engine', engine];
    await repeat(() => lbcheck([...args, '--reply', 'plugin']));
    expect(await postfix.connections()).toEqual([]);
    await new Promise<void>((greeted) => {
      const client = connect(postfix.port, '127.0.0.1', () => {
        client.once('data', () => client.destroy()).once('close', () => greeted());
      });
    });
    const has = async (what: string) =>
      (await postfix.connections()).filter((line) => line.includes(what)).length;
    await until('Postfix has logged the end', async () => (await has(' disconnect from ')) > 0);
    expect(await has(' connect from ')).toBe(1);
  }, 120_000);
});

/** The packets of one check, as tcpdump prints them: from whom, to whom, and TCP's flags. */
async function packetsOf(address: string, port: number, ...options: readonly string[]) {
  const args = ['tcpdump', '-i', 'lo', '-n', '-l', '--immediate-mode', '-Z', 'root'];
  const capture = await startSaying(
    onTestFinished,
    [...namespace.enterAsRoot, ...args],
    'listening on',
  );
  await synInside(namespace, address, String(port), '-t', '10', ...options);
  // The capture is in order: when a last packet has come, all have.
  await runInside(namespace, 'bash', '-c', 'echo >/dev/udp/127.0.0.1/9');
  await until('the last packet is captured', async () => capture.output().includes('.9: UDP'));
  const [before = ''] = capture.output().split(/^.*\.9: UDP/m);
  return before.split('\n').flatMap((line) => {
    const [, from, to, what] = / IP6? (\S+) > (\S+): (.*)/.exec(line) ?? [];
    if (from === undefined) return [];
    const [, flags] = /^Flags \[([^\]]*)\]/.exec(what ?? '') ?? [];
    return [{ from, to, flags: flags ?? what }];
  });
}

const everyEngine = ['nmap', 'kernel', 'auto'] as const;
test.each(
  everyEngine.flatMap((engine) =>
    ['127.0.0.1', '::1', ownAddress].map((to) => [engine, to] as const),
  ),
)(
  'a check by %s of an open port of %s is SYN, SYN-ACK and RST, and touches no other port',
  async (engine, address) => {
    await startCounting(onTestFinished, namespace, address, 2525);
    const packets = await packetsOf(address, 2525, '--engine', engine);
    const server = `${address}.2525`;
    const client = packets[0]?.from;
    expect(packets).toEqual([
      { from: client, to: server, flags: 'S' },
      { from: server, to: client, flags: 'S.' },
      { from: client, to: server, flags: expect.stringMatching(/^R\.?$/) },
    ]);
  },
);

test.each<[string, number, readonly string[], readonly string[]]>([
  ['closed, by nmap', 2526, ['--engine', 'nmap'], ['S', 'R.']],
  ['closed, by the kernel', 2526, ['--engine', 'kernel'], ['S', 'R.']],
  ['closed, by both', 2526, [], ['S', 'R.', 'S', 'R.']],
  [
    'filtered, with its neighbour',
    firewalled.dropped,
    ['--engine', 'nmap', '-t', '3'],
    ['S', 'S', 'S', 'S', 'S', 'R.'],
  ],
  ['filtered, by the kernel', firewalled.dropped, ['--engine', 'kernel', '-t', '0.9'], ['S']],
])(
  'a check of a port that is %s, is as short as it can be',
  async (_what, port, options, flags) => {
    const packets = await packetsOf(ownAddress, port, ...options);
    expect(packets.map((packet) => packet.flags).sort()).toEqual([...flags].sort());
    const ports = [`${ownAddress}.${port}`, `${ownAddress}.${port + 1}`];
    for (const { from, to } of packets)
      expect(ports).toContain(ports.includes(to ?? '') ? to : from);
  },
);
