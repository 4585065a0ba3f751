import type { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CertificateDays,
  daysLeft,
  judgeDates,
  judgedChain,
  measuredChain,
} from '../../../src/probes/tls/expiry.ts';
import { trustIn } from '../../../src/probes/tls/trust-store.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Chains, makeChains } from '../../support/tls-chains.ts';

const cleanUp = afterThisFile();
let chains: Chains;

beforeAll(async () => {
  chains = await makeChains(cleanUp);
});

const now = new Date('2026-11-20T12:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toUTCString();

/** A certificate that begins and ends so many days from now. */
const dated = (end: number, begin = -100) =>
  ({
    ...{ validFrom: inDays(begin), validTo: inDays(end) },
    toLegacyObject: () => ({ subject: { CN: 'x.test' } }),
  }) as unknown as X509Certificate;

const judge = (days: number, warning: number, critical?: number) =>
  judgeDates([dated(days)], { warning, critical }, now);

describe('days left', () => {
  test('are less than zero after it has expired', () => {
    expect(daysLeft([dated(1.5)], now)).toBe(1.5);
    expect(daysLeft([dated(-2)], now)).toBe(-2);
    expect(daysLeft([], now)).toBeNaN();
  });

  test.each<[number, CertificateDays, string]>([
    [31, { warning: 30, critical: 7 }, 'ok'],
    [30, { warning: 30, critical: 7 }, 'ok'],
    [29.999, { warning: 30, critical: 7 }, 'warning'],
    [7, { warning: 30, critical: 7 }, 'warning'],
    [6.999, { warning: 30, critical: 7 }, 'critical'],
    [6.999, { warning: 30, critical: undefined }, 'warning'],
    [-0.001, { warning: 30, critical: undefined }, 'critical'],
    [0.001, { warning: 0, critical: undefined }, 'ok'],
    [-0.001, { warning: 0, critical: 0 }, 'critical'],
    [6.999, { warning: 7, critical: 7 }, 'critical'],
  ])('%d, with the thresholds %j, are %s', (days, { warning, critical }, status) => {
    expect(judge(days, warning, critical).status).toBe(status);
  });

  test.each([
    [12.9, 'expires on 2026-12-03, in 12 days'],
    [1.4, 'expires on 2026-11-21, in 33 hours'],
    [-400, 'expired on 2025-10-16'],
  ])('%d are shown with the day of the end', (days, text) => {
    expect(judge(days, 30).summary).toBe(`certificate of x.test ${text}`);
  });

  test('are never judged better when they are fewer', () => {
    const gravity = ['ok', 'warning', 'critical'];
    const days = fc.integer({ min: -100_000, max: 1_000_000 }).map((count) => count / 1000);
    fc.assert(
      fc.property(days, days, fc.nat(500), fc.nat(500), (some, others, one, other) => {
        const [warning, critical] = [Math.max(one, other), Math.min(one, other)];
        const of = (left: number) => gravity.indexOf(judge(left, warning, critical).status);
        expect(of(Math.min(some, others))).toBeGreaterThanOrEqual(of(Math.max(some, others)));
      }),
    );
  });
});

describe('a chain is critical', () => {
  test.each<[string, readonly X509Certificate[], string]>([
    ['when it is not valid yet', [dated(90, 7)], 'of x.test is not valid before 2026-11-27'],
    ['when its issuer is not valid yet', [dated(90), dated(900, 1)], 'not valid before 2026-11-21'],
    ['when its issuer has expired', [dated(90), dated(-3)], 'of x.test expired on 2026-11-17'],
    ['without a certificate', [], 'it showed no certificate'],
    [
      'when a date cannot be read',
      [dated(90), { ...dated(900), validTo: 'Bad time value' } as X509Certificate],
      'of x.test has no readable dates',
    ],
  ])('%s', (_what, chain, text) => {
    const outcome = judgeDates(chain, { warning: 0, critical: undefined }, now);
    expect(outcome.status).toBe('critical');
    expect(outcome.summary).toMatch(new RegExp(`${text}$`));
  });
});

describe('the dates that count are those', () => {
  const trust = () => trustIn(chains.certificate('root').toString());
  const judged = (scope: 'leaf' | 'chain', ...shown: readonly string[]) =>
    judgedChain(shown.map(chains.certificate), scope, trust).map(({ subject }) => subject);
  const whole = ['CN=leaf.test', 'CN=Intermediate', 'CN=New Root'];

  test('of the chain that verifies, when there is one', () => {
    expect(judged('chain', 'leaf', 'inter', 'cross')).toEqual(whole);
    expect(
      daysLeft(judgedChain(['leaf', 'inter', 'cross'].map(chains.certificate), 'chain', trust)),
    ).toBeCloseTo(90, 0);
  });

  test('of the chain that was shown, when none verifies', () => {
    expect(judged('chain', 'stray', 'leaf')).toEqual(['CN=Stray']);
  });

  test('of what was shown, without a look at the store, when nobody asked', () => {
    const never = () => {
      throw new Error('the store was read');
    };
    const shown = ['leaf', 'inter', 'stray'].map(chains.certificate);
    expect(measuredChain(shown, 'chain', never).map(({ subject }) => subject)).toEqual([
      ...['CN=leaf.test', 'CN=Intermediate'],
    ]);
    const expired = ['leaf', 'inter', 'cross'].map(chains.certificate);
    expect(measuredChain(expired, 'chain', trust).map(({ subject }) => subject)).toEqual(whole);
    expect(measuredChain(expired, 'leaf', never)).toHaveLength(1);
    expect(measuredChain([], 'chain', never)).toEqual([]);
  });

  test('of the certificate alone, if the user wants it', () => {
    expect(judged('leaf', 'leaf', 'inter', 'cross')).toEqual(['CN=leaf.test']);
    expect(judged('leaf')).toEqual([]);
  });
});
