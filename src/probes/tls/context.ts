import { constants, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';

/** Files in PEM form. */
export interface CredentialFiles {
  /** The client's certificate and its key. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Whom to trust, instead of Node's own list. */
  readonly ca: string | undefined;
}

/**
 * Every cipher that the library has, and no rule for the sizes of keys (openssl-ciphers(1)). BoringSSL
 * has no such rules, and takes no word about them.
 */
const anyStrength =
  process.versions.boringssl === undefined
    ? 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'
    : 'ALL:COMPLEMENTOFALL';

/** What is wrong with a file, by its name. */
class FileError extends Error {}

/**
 * A context in which old servers complete their handshake: strength is not what is judged. Returns
 * what is wrong with the files as a sentence.
 */
export function contextOf({ cert, key, ca }: CredentialFiles): SecureContext | string {
  try {
    const credentials = {
      ...(cert !== undefined && key !== undefined && readPair(cert, key)),
      ...(ca !== undefined && { ca: read(ca, 'certificate', readCertificates) }),
    };
    return createSecureContext({
      ...credentials,
      minVersion: 'TLSv1',
      ciphers: anyStrength,
      // One ClientHello of 517 bytes on every Node: some old servers hang on 256 to 511 (RFC 7685).
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      secureOptions: constants.SSL_OP_ALL | constants.SSL_OP_LEGACY_SERVER_CONNECT,
    });
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

function readPair(certFile: string, keyFile: string) {
  const cert = read(certFile, 'certificate', readCertificates);
  const key = read(keyFile, 'private key', readKey);
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new FileError(`--key '${keyFile}' does not fit --cert '${certFile}'`);
  }
  return { cert, key };
}

/** The first one, and what may stand behind it. */
function readCertificates(pem: string): unknown {
  return [new X509Certificate(pem), createSecureContext({ cert: pem, ciphers: anyStrength })];
}

function readKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw new Error('it is encrypted; a key without passphrase is needed');
  return createPrivateKey(pem);
}

function read(file: string, what: string, parse: (pem: string) => unknown): string {
  let pem: string;
  try {
    // Anything but a file could keep us waiting, or never end.
    if (!statSync(file).isFile()) throw new Error('it is not a regular file');
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new FileError(`cannot read ${what} '${file}': ${(error as Error).message}`);
  }
  try {
    parse(pem);
  } catch (error) {
    throw new FileError(`no usable ${what} in '${file}': ${(error as Error).message}`);
  }
  return pem;
}
