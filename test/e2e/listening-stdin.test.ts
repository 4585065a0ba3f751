import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { executable, parseResponse } from '../support/executable.ts';
import { freePort, start, until } from '../support/programs.ts';
import { working, zone } from '../support/rbl.ts';
import { childOf, get } from '../support/resident.ts';
import { exchange, isListening, startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
let args: string;

beforeAll(async () => {
  const server = await startDnsServer(working);
  cleanUp(() => server.close());
  args = `rbl 127.0.0.1 ${server.port} --zone ${zone}`;
});

/** Asks twenty times of a service with `wait = yes` whose command is written for `wait = no`. */
async function askUnderXinetd(command: string): Promise<ReadonlySet<string>> {
  const { port, pid } = await startXinetd(onTestFinished, command, {}, 'lbcheck-rbl-resident');
  const answers = new Set<string>();
  const processes = new Set<number>();
  for (let count = 0; count < 20; count += 1) {
    const { text, error } = await exchange(port, [get]);
    expect(error).toBeUndefined();
    answers.add(text.replace(/^Date: .*\r\n/m, '').replace(/time=[\d.]+/, 'time=0'));
    processes.add(childOf(pid));
  }
  expect(processes.size).toBe(1);
  return answers;
}

describe('a socket that listens on stdin, without --listen', () => {
  test.each([
    ['http', /^HTTP\/1\.1 200 .*RBL is running\./s],
    ['plugin', /^RBL OK - /],
    ['haproxy', /^up ready\n$/],
    ['json', /^\{"status":"pass"/],
    ['prometheus', /^probe_success\{[^\n]*\} 1$/m],
  ])('is served to one client after the other as %s', async (form, expected) => {
    for (const answer of await askUnderXinetd(`${args} --reply ${form}`)) {
      expect(answer).toMatch(expected);
    }
  });

  test.each([
    ['wrong options', 'rbl --zone bad..zone', /is invalid/],
    ['no probe', '', /PROBE is missing/],
    ['--help', 'rbl --help', /started with --help or --version/],
    ['--version', '--version', /started with --help or --version/],
  ])('is served with %s too', async (_what, command, expected) => {
    const answers = [...(await askUnderXinetd(command))];
    expect(answers).toHaveLength(1);
    expect(parseResponse(answers[0] ?? '')).toMatchObject({ status: 503, body: expected });
  });

  test('is served as systemd hands it over too', async () => {
    const port = await freePort();
    const { pid } = await start(onTestFinished, 'systemd-socket-activate', [
      ...['-l', `127.0.0.1:${port}`, '--inetd', '-E', 'PATH', executable, ...args.split(' ')],
    ]);
    await until('systemd-socket-activate listens', () => isListening(port));
    for (let count = 0; count < 3; count += 1) {
      const { text } = await exchange(port, [get]);
      expect(parseResponse(text).status).toBe(200);
    }
    expect(pid).toBeGreaterThan(0);
  });
});
