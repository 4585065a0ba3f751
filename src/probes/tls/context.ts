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
 * Makes the context of a check. Returns what is wrong with the files as a sentence. It takes 40 ms
 * with the system's store, and the time of some signatures without.
 */
export function contextOf({ cert, key, ca, verify }: Credentials): TlsContext | string {
  try {
    const pair = cert !== undefined && key !== undefined ? readPair(cert, key) : {};
    let store = ca === undefined ? undefined : trustIn(readCertificates(ca));
    const trust = () => {
      store ??= systemTrust();
      return store;
    };
    // Without a list of its own, Node would parse all of its roots: for nothing, if nobody verifies.
    const trusted = verify ? trust().pems : [];
    return { context: makeContext({ ...pair, ...weakestOptions() }, trusted), trust };
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

/** One certificate of the system's store that the library cannot read takes no other with it. */
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
