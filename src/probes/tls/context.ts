import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { weakestOptions } from './any-strength.ts';
import { FileError, readCertificates, readPair } from './pem-files.ts';
import { systemTrust, type TrustStore, trustIn } from './trust-store.ts';

/** Files in PEM form, and what they are for. */
export interface Credentials {
  /** The client's certificate and its key. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Whom to trust, instead of the system's store. */
  readonly ca: string | undefined;
  /** Whether the library is to verify the server's certificate. */
  readonly verify: boolean;
}

/** All that a handshake needs beside the server. */
export interface TlsContext {
  readonly context: SecureContext;
  /** Reads the system's store when it is first asked, unless `ca` stands in for it. */
  readonly trust: () => TrustStore;
}

/**
 * Makes the context of a check. Returns what is wrong with the files as a sentence.
 */
export function contextOf({ cert, key, ca, verify }: Credentials): TlsContext | string {
  try {
    const pair = cert !== undefined && key !== undefined ? readPair(cert, key) : {};
    let store = ca === undefined ? undefined : trustIn(readCertificates(ca));
    const trust = () => {
      store ??= systemTrust();
      return store;
    };
    const options = { ...pair, ...weakestOptions() };
    // Whoever does not verify needs no list, and Node's own is not free.
    if (!verify) return { context: createSecureContext({ ...options, ca: [] }), trust };
    const context = ca === undefined ? systemContext(options, trust()) : undefined;
    return { context: context ?? makeContext(options, trust().pems()), trust };
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

/**
 * A context that trusts Node's own list, which costs nothing, and what the system has beside it: as a
 * list of 150 certificates Node would take 50 ms. Undefined under Bun, which has no such call.
 */
function systemContext(
  options: SecureContextOptions,
  trust: TrustStore,
): SecureContext | undefined {
  const context = createSecureContext(options);
  const native: { addCACert?: (pem: string) => void } = context.context;
  if (process.versions.bun !== undefined || !native.addCACert) return undefined;
  for (const pem of trust.pemsBeyondRuntime().filter(isReadable)) native.addCACert(pem);
  return context;
}

/** One certificate that the library cannot read takes no other with it. */
function makeContext(options: SecureContextOptions, trusted: readonly string[]): SecureContext {
  try {
    return createSecureContext({ ...options, ca: [...trusted] });
  } catch {
    return createSecureContext({ ...options, ca: trusted.filter(isReadable) });
  }
}

function isReadable(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey !== undefined;
  } catch {
    return false;
  }
}
