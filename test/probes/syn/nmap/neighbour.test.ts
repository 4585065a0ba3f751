import { describe, expect, test } from 'vitest';
import { nmap770 } from '../../../support/syn-nmap.ts';
import { type Changes, nmapReport, ports, probe } from '../../../support/syn-probe.ts';

describe('the neighbour', () => {
  test('makes nmap 7.70 right: it takes an open port for filtered, asked alone', async () => {
    const { runs, ...outcome } = await probe(nmap770(25));
    expect(outcome).toMatchObject({ status: 'ok', summary: '192.0.2.7:25 is open (syn-ack)' });
    expect(ports(runs)).toEqual(['25', '25-26']);
  });

  test.each<[string, Changes, readonly string[], string]>([
    ['is not asked with `never`', { adjacent: 'never' }, ['25'], 'critical'],
    ['is asked at once with `always`', { adjacent: 'always' }, ['25-26'], 'ok'],
    ['of the last port is the one before', { port: 65535 }, ['65535', '65534-65535'], 'ok'],
  ])('%s', async (_what, changes, asked, status) => {
    const { runs, ...outcome } = await probe(nmap770(changes.port ?? 25), changes);
    expect(ports(runs)).toEqual(asked);
    expect(outcome.status).toBe(status);
  });

  test.each([
    ['open', 'syn-ack'],
    ['closed', 'reset'],
  ])('is not asked about a port that is %s', async (state, reason) => {
    expect(ports((await probe(nmapReport(state, reason))).runs)).toEqual(['25']);
  });

  test('does not answer for the port', async () => {
    const script = `case "$*" in *25-26*) ${nmapReport('open', 'syn-ack', 26)}
;; *) ${nmapReport('filtered', 'no-response')}
;; esac`;
    const { status, summary } = await probe(script);
    expect({ status, summary }).toEqual({
      status: 'critical',
      summary: '192.0.2.7:25 is filtered (no-response)',
    });
  });

  test.each(['exit 1', 'sleep 60'])(
    'leaves the first answer, when nmap then does: %s',
    async (then) => {
      const script = `case "$*" in *25-26*) ${then};; *) ${nmapReport('filtered', 'no-response')}
;; esac`;
      const { status, summary } = await probe(script, {}, AbortSignal.timeout(2000));
      expect(summary).toBe('192.0.2.7:25 is filtered (no-response)');
      expect(status).toBe('critical');
    },
  );
});
