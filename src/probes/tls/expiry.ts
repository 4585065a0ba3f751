import type { X509Certificate } from 'node:crypto';
import { critical, type Outcome } from '../../check/outcome.ts';
import { datesOf, nameOf } from './certificate.ts';
import type { CertificateScope } from './certificate-scopes.ts';
import { type Chain, firstToExpire, shownChain, verifiedChain } from './chain.ts';
import type { TrustStore } from './trust-store.ts';

/** Thresholds on the days left, by plugin convention: below them is too few. */
export interface CertificateDays {
  readonly warning: number;
  readonly critical: number | undefined;
}

/** The certificates whose dates count: of the chain that verifies, or else of what was shown. */
export function judgedChain(
  shown: readonly X509Certificate[],
  scope: CertificateScope,
  trust: () => TrustStore,
): Chain {
  if (scope === 'leaf' || shown.length === 0) return shown.slice(0, 1);
  return verifiedChain(shown, trust()) ?? shownChain(shown);
}

/**
 * The same for the metrics alone, when nothing is judged. The store is read only when another certificate
 * than the server's own expires first.
 */
export function measuredChain(
  shown: readonly X509Certificate[],
  scope: CertificateScope,
  trust: () => TrustStore,
): Chain {
  const chain = shownChain(shown);
  return firstToExpire(chain) === chain[0] ? chain : judgedChain(shown, scope, trust);
}

const day = 86_400_000;

/**
 * Days until the first certificate of a chain expires: less than zero afterwards, NaN for a date that
 * cannot be read or when there is none.
 */
export function daysLeft(chain: Chain, now = new Date()): number {
  const first = firstToExpire(chain);
  return first ? (datesOf(first).expires.getTime() - now.getTime()) / day : Number.NaN;
}

/** Judges the dates of a chain: none of it may have expired, begin later, or expire too soon. */
export function judgeDates(chain: Chain, limit: CertificateDays, now = new Date()): Outcome {
  const first = firstToExpire(chain);
  if (first === undefined) return critical('it showed no certificate');
  const fault = [first, ...chain].map((one) => datesFault(one, now)).find((one) => one !== '');
  if (fault !== undefined) return critical(`certificate of ${fault}`);
  const left = daysLeft(chain, now);
  const summary = `certificate of ${nameOf(first)} expires on ${dayOf(datesOf(first).expires)}, in ${inWords(left)}`;
  if (left < (limit.critical ?? 0)) return critical(summary);
  return { status: left < limit.warning ? 'warning' : 'ok', summary };
}

/** What is wrong with the dates of a certificate today, with its name; empty when nothing is. */
export function datesFault(certificate: X509Certificate, now = new Date()): string {
  const { starts, expires } = datesOf(certificate);
  const name = nameOf(certificate);
  if (Number.isNaN(starts.getTime() + expires.getTime())) return `${name} has no readable dates`;
  if (expires <= now) return `${name} expired on ${dayOf(expires)}`;
  return starts > now ? `${name} is not valid before ${dayOf(starts)}` : '';
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** Whole days, and hours in the last two days. */
function inWords(days: number): string {
  return days < 2 ? `${Math.floor(days * 24)} hours` : `${Math.floor(days)} days`;
}
