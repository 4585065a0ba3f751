import { createServer } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../../support/clean-up.ts';
import { freePort } from '../../support/programs.ts';
import { nmap770 } from '../../support/syn-nmap.ts';
import { nmapReport, probe } from '../../support/syn-probe.ts';

const cleanUp = afterThisFile();
let openPort: number;
let closedPort: number;
beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanUp(() => new Promise((closed) => server.close(() => closed())));
  const address = server.address();
  openPort = typeof address === 'object' ? (address?.port ?? 0) : 0;
  closedPort = await freePort();
});

/** Asks by both engines for a port of this machine, where a script stands in nmap's place. */
async function ask(port: number, script: string) {
  const changes = { host: '127.0.0.1', port, engine: 'auto', timeout: 5 } as const;
  const { runs, status, summary } = await probe(script, changes, AbortSignal.timeout(5000));
  return { runs: runs.length, text: `${status}: ${summary.replace(/:\d{2,}/, '')}` };
}

describe('the report of nmap', () => {
  test('is believed when it is open', async () => {
    const found = await ask(closedPort, nmapReport('open', 'syn-ack', closedPort));
    expect(found).toEqual({ runs: 1, text: 'ok: 127.0.0.1 is open (syn-ack)' });
  });

  test.each([
    ['filtered', 'no-response'],
    ['filtered', 'admin-prohibited'],
    ['closed', 'reset'],
  ])('is asked again by the kernel when it is %s (%s)', async (state, reason) => {
    const { text } = await ask(openPort, nmapReport(state, reason, openPort));
    const note = `seen by the kernel, though nmap says ${state} (${reason})`;
    expect(text).toBe(`ok: 127.0.0.1 is open (syn-ack), ${note}`);
  });

  test('gives way to that of the kernel, when both have an answer', async () => {
    const { text } = await ask(closedPort, nmapReport('filtered', 'no-response', closedPort));
    expect(text).toBe('critical: 127.0.0.1 is closed (reset)');
  });

  test('is asked again with the neighbour too', async () => {
    const { text } = await ask(closedPort, nmap770(closedPort));
    expect(text).toBe('ok: 127.0.0.1 is open (syn-ack)');
  });
});

describe('the kernel alone is asked', () => {
  test.each([
    ['without privilege', 'echo "You requested a scan type which requires root privileges." >&2'],
    ['of an nmap that crashes', 'kill -SEGV $$'],
    ['of an nmap that prints rubbish', 'echo open'],
  ])('%s', async (_what, script) => {
    expect((await ask(openPort, script)).text).toBe('ok: 127.0.0.1 is open (syn-ack)');
    expect((await ask(closedPort, script)).text).toBe('critical: 127.0.0.1 is closed (reset)');
  });

  test('while an nmap hangs', async () => {
    expect((await ask(openPort, 'sleep 60')).text).toBe('ok: 127.0.0.1 is open (syn-ack)');
    expect((await ask(closedPort, 'sleep 60')).text).toBe('critical: 127.0.0.1 is closed (reset)');
  });

  test('when there is no nmap', async () => {
    const changes = { host: '127.0.0.1', port: openPort, engine: 'auto' } as const;
    const outcome = await probe('', { ...changes, nmap: '/no/such/nmap' });
    expect(outcome).toMatchObject({ status: 'ok', runs: [] });
  });
});

test("a packet that the firewall kept from nmap is no answer, whatever the kernel's reset means", async () => {
  const complaint = 'sendto in send_ip_packet_sd: sendto(3, packet) => Operation not permitted';
  const script = `echo '${complaint}' >&2\n${nmapReport('filtered', 'no-response', closedPort)}`;
  expect((await ask(closedPort, script)).text).toMatch(/^unknown: .*firewall of this machine/);
});
