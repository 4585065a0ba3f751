import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { weakestOptions } from './any-strength.ts';
import { FileError, readCertificates, readPair } from './pem-files.ts';
import { systemTrust, type TrustStore, trustIn } from './trust-store.ts';

/** Files in PEM form, and whether the server is to be verified. */
export interface Credentials {
  /** The client's certificate and its key. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** The certificates to trust instead of the system's store. */
  readonly ca: string | undefined;
  /** Whether the library is to verify the server's certificate. */
  readonly verify: boolean;
}

/** What a handshake needs to know of our side. */
export interface TlsContext {
  readonly context: SecureContext;
  /** The trusted certificates. Without `ca` the system's store is read at the first call. */
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
    // Without --verify no list is needed, and Node's own list takes time.
    if (!verify) return { context: createSecureContext({ ...options, ca: [] }), trust };
    const context = ca === undefined ? systemContext(options, trust()) : undefined;
    return { context: context ?? makeContext(options, trust().pems()), trust };
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

/**
 * A context that trusts Node's own list and the other certificates of the system. They are added one by
 * one: Node takes 50 ms for a list of 150. Undefined under Bun, which does not have that call.
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

/** If the library cannot read a certificate, the others are still trusted. */
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
