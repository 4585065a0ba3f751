import { critical, type Outcome } from '../../check/outcome.ts';
import type { HandshakeAttempt } from './attempt.ts';
import type { Chain } from './chain.ts';
import { type CertificateDays, judgeDates } from './expiry.ts';
import type { TrustStore } from './trust-store.ts';
import { explainVerifyError, verifyErrorOf } from './verify-error.ts';

/** What the user asks to know of a certificate. */
interface Questions {
  readonly verify: boolean;
  /** The file of `--ca`. */
  readonly ca: string | undefined;
  readonly days: CertificateDays | undefined;
}

/** What there is to judge by. */
interface Evidence {
  readonly attempt: HandshakeAttempt;
  /** The certificates whose dates count. */
  readonly chain: Chain;
  readonly trust: () => TrustStore;
  /** The name, or else the address, that the certificate must be for. */
  readonly wanted: string;
}

/** Judges the certificate of a server; one that was asked about and not seen does not pass. */
export function judgeCertificate(
  { verify, days, ca }: Questions,
  { attempt: { handshake, shown = [] }, chain, trust, wanted }: Evidence,
): readonly Outcome[] {
  if (!verify && !days) return [];
  if (!handshake && shown.length === 0) return [critical('its certificate was not seen')];
  const parts: Outcome[] = [];
  if (verify) {
    const verification = { shown, wanted, ca };
    const code = handshake ? handshake.verifyError : verifyErrorOf(verification, trust());
    if (code !== undefined) parts.push(critical(explainVerifyError(code, verification)));
  }
  if (days) parts.push(judgeDates(chain, days));
  return parts;
}
