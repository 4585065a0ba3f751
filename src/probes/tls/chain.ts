import type { X509Certificate } from 'node:crypto';
import { datesOf, isItsOwnIssuer, isValidAt } from './certificate.ts';
import type { TrustStore } from './trust-store.ts';

/** A certificate and those above it, each the issuer of the one before. */
export type Chain = readonly X509Certificate[];

/** Longer chains are not in use; and a server must not be able to make us search for long. */
const maxDepth = 10;
const maxSteps = 200;

/**
 * The chain that a server showed: its own certificate, its issuer, and so on. Certificates that issued none
 * of these are left out. If there are two issuers, the one that is valid now is taken.
 */
export function shownChain(shown: readonly X509Certificate[], now = new Date()): Chain {
  const chain = shown.slice(0, 1);
  for (;;) {
    const last = chain.at(-1);
    if (last === undefined || isItsOwnIssuer(last) || chain.length >= maxDepth) return chain;
    const issuers = shown.filter((one) => !chain.includes(one) && hasIssued(one, last));
    const issuer = issuers.find((one) => isValidAt(one, now)) ?? issuers[0];
    if (issuer === undefined) return chain;
    chain.push(issuer);
  }
}

/**
 * A chain from a server's certificate to a trusted root, in which every certificate is valid now; undefined
 * when there is none. If there are several, it is the one that stays valid longest: clients do not use an
 * expired cross-signature when there is another way.
 */
export function verifiedChain(
  shown: readonly X509Certificate[],
  trust: TrustStore,
  now = new Date(),
): Chain | undefined {
  let best: Chain | undefined;
  let steps = 0;
  const visit = (chain: Chain, last: X509Certificate) => {
    steps += 1;
    if (steps > maxSteps || chain.length > maxDepth || !isValidAt(last, now)) return;
    if (isItsOwnIssuer(last)) {
      const isLonger = best === undefined || firstExpiry(chain) > firstExpiry(best);
      if (isLonger && trust.has(last)) best = chain;
      return;
    }
    const known = shown.filter((one) => hasIssued(one, last));
    for (const issuer of [...trust.issuersOf(last), ...known]) {
      const isIn = chain.some(({ raw }) => raw.equals(issuer.raw));
      if (!isIn) visit([...chain, issuer], issuer);
    }
  };
  const [own] = shown;
  if (own !== undefined) visit([own], own);
  return best;
}

/** The certificate of a chain that expires first. A date that cannot be read counts as the earliest. */
export function firstToExpire(chain: Chain): X509Certificate | undefined {
  const timeOf = (one: X509Certificate) =>
    datesOf(one).expires.getTime() || Number.NEGATIVE_INFINITY;
  return chain.reduce<X509Certificate | undefined>(
    (first, one) => (first === undefined || timeOf(one) < timeOf(first) ? one : first),
    undefined,
  );
}

function firstExpiry(chain: Chain): number {
  return Math.min(...chain.map((one) => datesOf(one).expires.getTime()));
}

/** True when the first certificate has signed the second. The names are compared before the signature. */
export function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that the library does not know.
    return false;
  }
}
