import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import { datesOf, isItsOwnIssuer, issuerNameOf, nameOf, namesInWords } from './certificate.ts';
import { type Chain, shownChain, verifiedChain } from './chain.ts';
import { datesFault } from './expiry.ts';
import type { TrustStore } from './trust-store.ts';

/** What a certificate was verified for. */
export interface Verification {
  readonly shown: readonly X509Certificate[];
  /** The name, or else the address, that the certificate must be for. */
  readonly wanted: string;
  /** The file of `--ca`; undefined when the system's store is trusted. */
  readonly ca: string | undefined;
}

const dateCodes = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];
const trustCodes = [
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_UNTRUSTED'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/**
 * Verifies the certificate of a handshake that failed afterwards, for which the library gives no verdict.
 * Checks trust, dates, purpose and name, but not the rest that the library knows, such as name constraints.
 * Returns the code that the library has for the fault, or undefined.
 */
export function verifyErrorOf(
  { shown, wanted }: Verification,
  trust: TrustStore,
): string | undefined {
  const [own] = shown;
  const chain = verifiedChain(shown, trust);
  if (own === undefined) return 'CERT_UNTRUSTED';
  if (chain === undefined) {
    const outdated = shownChain(shown).find((one) => datesFault(one) !== '');
    if (outdated) {
      return datesOf(outdated).starts > new Date() ? 'CERT_NOT_YET_VALID' : 'CERT_HAS_EXPIRED';
    }
    return isItsOwnIssuer(own)
      ? 'DEPTH_ZERO_SELF_SIGNED_CERT'
      : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  }
  if (chain.slice(1).some(({ ca }) => !ca)) return 'INVALID_CA';
  if (chain.some(isNotForServers)) return 'INVALID_PURPOSE';
  const nameFault = checkServerIdentity(wanted, own.toLegacyObject());
  return nameFault && 'ERR_TLS_CERT_ALTNAME_INVALID';
}

/** Says why a certificate does not verify: what was wanted, what was shown, and the library's code. */
export function explainVerifyError(code: string, verification: Verification): string {
  const reason = reasonFor(code, verification, shownChain(verification.shown));
  return `certificate does not verify: ${reason} (${code})`;
}

function reasonFor(code: string, { wanted, ca }: Verification, chain: Chain): string {
  const [own] = chain;
  if (own === undefined) return 'none was shown';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `it is not for ${wanted}, only for ${namesInWords(own)}`;
  }
  const outdated = chain.map((one) => datesFault(one)).find((fault) => fault !== '');
  if (dateCodes.includes(code) && outdated !== undefined) return outdated;
  if (trustCodes.includes(code)) return trustFault(chain, ca);
  const misused = chain.find(isNotForServers);
  if (code === 'INVALID_PURPOSE' && misused) return `${nameOf(misused)} is not for servers`;
  return otherFault(chain);
}

const serverAuthentication = '1.3.6.1.5.5.7.3.1';

/** True when its extended key usage, if it has one, leaves out servers (RFC 5280 section 4.2.1.12). */
function isNotForServers({ keyUsage }: X509Certificate): boolean {
  const usages: readonly string[] | undefined = keyUsage;
  return usages !== undefined && !usages.includes(serverAuthentication);
}

function trustFault(chain: Chain, ca: string | undefined): string {
  const [own, ...above] = chain;
  const last = chain.at(-1);
  if (own === undefined || last === undefined) return 'none was shown';
  const where = ca === undefined ? "the system's store" : `'${ca}'`;
  const hint = ca === undefined ? '; --ca FILE names whom to trust' : '';
  if (!isItsOwnIssuer(last)) {
    const path = above.length === 0 ? nameOf(own) : `${nameOf(own)}, by way of ${nameOf(last)},`;
    return `${path} is issued by ${issuerNameOf(last)}, which was not shown and is not in ${where}${hint}`;
  }
  return above.length === 0
    ? `${nameOf(own)} is its own issuer, and not in ${where}${hint}`
    : `${nameOf(own)} is issued under ${nameOf(last)}, which is not in ${where}${hint}`;
}

const nameConstraints = Buffer.from('0603551d1e', 'hex');

/** Node has the same code for name constraints (RFC 5280 section 4.2.1.10) and for many other faults. */
function otherFault([own, ...above]: Chain): string {
  if (own === undefined) return 'none was shown';
  const limiting = above.find(({ raw }) => raw.includes(nameConstraints));
  return limiting === undefined
    ? `${nameOf(own)}, issued by ${issuerNameOf(own)}`
    : `${namesInWords(own)} may be outside the name constraints of ${nameOf(limiting)}`;
}
