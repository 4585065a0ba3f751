import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseResponse } from '../support/executable.ts';
import { fakeProgram } from '../support/fake-program.ts';
import { startPausable } from '../support/pause.ts';
import { until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import { startHeldDnsServer } from '../support/resident-dns.ts';

/** The deadline of the checks, and a longer time, in seconds. */
const timeout = '1';
const longer = 1.6;
const wait = (seconds: number) => new Promise((over) => setTimeout(over, seconds * 1000));
const options = ['--timeout', timeout, '--reply', 'plugin'];

/** A target: what is asked, how to see that it was asked, and how to make it answer. */
interface Target {
  readonly args: readonly string[];
  readonly isAsked: () => Promise<boolean>;
  readonly answer: () => void;
}

async function list(): Promise<Target> {
  const server = await startHeldDnsServer(onTestFinished, working);
  return {
    args: ['rbl', '127.0.0.1', String(server.port), '--zone', zone, '--no-control'],
    isAsked: async () => server.queries() > 0,
    answer: server.release,
  };
}

/** A server that accepts and stays silent, until it is told to answer with text that is not TLS. */
async function tcpServer(): Promise<Target> {
  const sockets: Socket[] = [];
  let hasRead = false;
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.on('data', () => {
      hasRead = true;
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const bound = server.address();
  return {
    args: ['tls', '127.0.0.1', String(typeof bound === 'object' ? bound?.port : '')],
    isAsked: async () => hasRead,
    answer: () => sockets.forEach((socket) => void socket.end('not TLS\r\n')),
  };
}

/** A program that begins, and ends when it is told to. */
async function plugin(kind: 'exec' | 'syn'): Promise<Target> {
  const answer =
    kind === 'exec' ? 'echo fine' : `cat ${join(import.meta.dirname, '../fixtures/nmap/open.xml')}`;
  const script = `cd "$(dirname "$0")"; echo >started; until [ -e go ]; do sleep 0.05; done; ${answer}`;
  const program = await fakeProgram(onTestFinished, script);
  const files = dirname(program.path);
  return {
    args:
      kind === 'exec'
        ? ['exec', ...options, '--', program.path]
        : ['syn', '127.0.0.1', '25', '--engine', 'nmap', '--nmap', program.path],
    isAsked: async () => existsSync(join(files, 'started')),
    answer: () => writeFileSync(join(files, 'go'), ''),
  };
}

const targets: readonly (readonly [string, () => Promise<Target>])[] = [
  ['rbl', list],
  ['tls', tcpServer],
  ['exec', () => plugin('exec')],
  ['syn', () => plugin('syn')],
];

/** Stops lbcheck when it has asked, and continues it after its deadline. */
async function stopAcrossDeadline(target: Target, answers: boolean): Promise<string> {
  const isExec = target.args[0] === 'exec';
  const run = startPausable(onTestFinished, isExec ? target.args : [...target.args, ...options]);
  await until('it asks', target.isAsked);
  await run.stop();
  if (answers) target.answer();
  await wait(longer);
  run.goOn();
  return (await run.ended).stdout;
}

describe('lbcheck that is stopped across its deadline', () => {
  test.each(targets)('%s sees the answer that has come meanwhile', async (_probe, start) => {
    const answer = await stopAcrossDeadline(await start(), true);
    expect(answer).toMatch(/^[A-Z]+ OK - /);
  });

  test.each(targets)('%s does not blame a target that is silent', async (_probe, start) => {
    const answer = await stopAcrossDeadline(await start(), false);
    expect(answer).toMatch(
      /^[A-Z]+ UNKNOWN - (lbcheck itself was held up for [\d.]+ s|nmap did not end)/,
    );
  });

  test('reads a request that was complete in time', async () => {
    const { args, answer } = await list();
    answer();
    const http = ['--reply', 'http', '--request-timeout', '1'];
    const run = startPausable(onTestFinished, [...args, ...http]);
    run.write('GET / HTTP/1.1\r\n');
    await wait(0.6);
    await run.stop();
    run.write('\r\n');
    await wait(longer);
    run.goOn();
    expect(parseResponse((await run.ended).stdout).status).toBe(200);
  });
});

test('a silent target is critical all the same for lbcheck that was not stopped', async () => {
  const { args } = await list();
  const run = startPausable(onTestFinished, [...args, ...options]);
  expect((await run.ended).stdout).toMatch(/^RBL CRITICAL - /);
});
