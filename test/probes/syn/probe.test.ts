import { describe, expect, test } from 'vitest';
import { replaceGetent } from '../../support/getent.ts';
import { nmapReport, ports, probe } from '../../support/syn-probe.ts';

describe('a port', () => {
  test.each([
    ['open', 'syn-ack', 'ok'],
    ['closed', 'reset', 'critical'],
    ['filtered', 'no-response', 'critical'],
    ['filtered', 'admin-prohibited', 'critical'],
    ['open|filtered', 'no-response', 'critical'],
    ['unfiltered', 'reset', 'critical'],
  ])('that is %s (%s) is %s', async (state, reason, status) => {
    const summary = `192.0.2.7:25 is ${state} (${reason})`;
    expect(await probe(nmapReport(state, reason))).toMatchObject({ status, summary });
  });

  test('is judged by its state, whatever the exit code of nmap', async () => {
    expect(await probe(`${nmapReport('open', 'syn-ack')}\nexit 1`)).toMatchObject({ status: 'ok' });
    expect(await probe(`${nmapReport('closed', 'reset')}\nexit 0`)).toMatchObject({
      status: 'critical',
    });
  });

  test('is not another one that is open', async () => {
    expect(await probe(nmapReport('open', 'syn-ack', 26))).toMatchObject({
      status: 'unknown',
      summary: 'nmap told no state of port 25: host up, user-set',
    });
  });
});

describe('nmap is asked', () => {
  test('for half a handshake with one port of one address, and nothing else', async () => {
    const { runs } = await probe(nmapReport('open', 'syn-ack'));
    const [args = []] = runs;
    expect(runs).toHaveLength(1);
    expect(args.slice(0, 4)).toEqual(['-sS', '-n', '-Pn', '--disable-arp-ping']);
    expect(args.slice(-5)).toEqual(['-p', '25', '-oX', '-', '192.0.2.7']);
    expect(args).not.toContain('-6');
  });

  test('by IPv6 where the address is one', async () => {
    const { runs, summary } = await probe(nmapReport('open', 'syn-ack'), { host: '2001:db8::7' });
    expect(runs[0]).toContain('-6');
    expect(runs[0]?.at(-1)).toBe('2001:db8::7');
    expect(summary).toBe('[2001:db8::7]:25 is open (syn-ack)');
  });

  test('to insist on its privileges, where lbcheck is not root', async () => {
    const [args] = (await probe(nmapReport('open', 'syn-ack'))).runs;
    expect(args?.includes('--privileged')).toBe(process.geteuid?.() !== 0);
  });

  test.each([0.05, 0.3, 0.8, 1.5, 2.5, 10, 300])(
    'to wait as long as a deadline of %s s allows, for two scans of two tries',
    async (timeout) => {
      const [args = []] = (await probe(nmapReport('open', 'syn-ack'), { timeout })).runs;
      const of = (option: string) => Number(args[args.indexOf(option) + 1]?.replace(/ms$/, ''));
      const wait = of('--max-rtt-timeout');
      expect(of('--initial-rtt-timeout')).toBe(wait);
      expect(of('--max-retries')).toBe(1);
      expect(wait).toBeGreaterThan(0);
      expect(4 * wait).toBeLessThan(timeout * 1000);
      // A round trip of 250 ms is open with 0.8 s, one of 1.1 s with 2.5.
      if (timeout === 0.8) expect(2 * wait).toBeGreaterThan(250);
      if (timeout === 2.5) expect(2 * wait).toBeGreaterThan(1100);
      if (timeout >= 1.5) expect(4 * wait).toBeGreaterThan(timeout * 800);
    },
  );

  test('for the next port only when it heard nothing, not after an ICMP message', async () => {
    const { runs } = await probe(nmapReport('filtered', 'admin-prohibited'));
    expect(ports(runs)).toEqual(['25']);
  });
});

describe('a name', () => {
  test('is looked up once, and nmap gets the address alone', async () => {
    replaceGetent(
      'echo once >>asked\necho "192.0.2.8  STREAM mx.example"\necho "192.0.2.9  STREAM"',
    );
    const host = 'mx.example';
    const { runs, summary } = await probe(nmapReport('filtered', 'no-response'), { host });
    expect(runs.map((args) => args.at(-1))).toEqual(['192.0.2.8', '192.0.2.8']);
    expect(runs.flat()).not.toContain(host);
    expect(summary).toMatch('192.0.2.8:25 is filtered');
  });

  test('without an address is critical, and nmap is not started', async () => {
    replaceGetent('exit 2');
    const { runs, ...outcome } = await probe(nmapReport('open', 'syn-ack'), { host: 'mx.example' });
    expect(outcome).toEqual({
      status: 'critical',
      summary: 'mx.example does not resolve to an address',
    });
    expect(runs).toEqual([]);
  });

  test.each(['-iL', '10.0.0.0/8', '10.0.0.1-5', '10.0.0.1,2', '', 'fe80::1%lo', '--script=x'])(
    'whose resolver prints %j is never given to nmap',
    async (answer) => {
      replaceGetent(`printf '%s  STREAM\\n' '${answer}'`);
      const { runs, status } = await probe(nmapReport('open', 'syn-ack'), { host: 'mx.example' });
      expect(runs).toEqual([]);
      expect(status).not.toBe('ok');
    },
  );
});

describe('nothing is known', () => {
  test.each([
    [
      'of nmap without privilege',
      'echo "You requested a scan type which requires root privileges.\nQUITTING!" >&2; exit 1',
      /root or CAP_NET_RAW.*requires root privileges/,
    ],
    [
      'without a raw socket',
      'echo "Couldn\'t open a raw socket. Error: Operation not permitted (1)" >&2; exit 1',
      /root or CAP_NET_RAW/,
    ],
    ['of an nmap that crashes', 'echo "<nmaprun>"; kill -SEGV $$', /^nmap /],
    [
      'of an nmap that tells why it fails',
      'echo "nmap: unrecognized option" >&2; exit 255',
      /^nmap failed: nmap: unrecognized option$/,
    ],
    ['of rubbish', 'echo open', /^nmap /],
    ['of half an answer', `${nmapReport('open', 'syn-ack').replace('cat', 'head -2')}`, /^nmap /],
    ['of no output', 'exit 0', /^nmap /],
    ['of endless output', 'yes "<port protocol="', /^nmap /],
  ])('%s', async (_what, script, summary) => {
    const { runs, ...outcome } = await probe(script);
    expect(outcome).toMatchObject({ status: 'unknown', summary: expect.stringMatching(summary) });
    expect(runs).toHaveLength(1);
  });

  test('of an nmap that hangs: the answer comes at the deadline', async () => {
    const start = performance.now();
    const outcome = await probe('sleep 60 & wait', {}, AbortSignal.timeout(300));
    expect(performance.now() - start).toBeLessThan(2000);
    expect(outcome).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching('deadline'),
    });
  });

  test('without an nmap, and the answer tells what to install', async () => {
    const outcome = await probe('', { nmap: '/no/such/nmap' });
    expect(outcome).toMatchObject({
      status: 'unknown',
      summary: expect.stringMatching(/'\/no\/such\/nmap': .*\(ENOENT\): .*apt-get install nmap/),
    });
  });
});
