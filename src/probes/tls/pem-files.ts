import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { anyStrength } from './any-strength.ts';

/** What is wrong with a file, by its name. */
export class FileError extends Error {}

/** A file with a certificate or key is not read when it is larger. */
export const maxPemBytes = 1024 ** 2;

/** Reads a client's certificate and its key; throws a FileError. */
export function readPair(certFile: string, keyFile: string): { cert: string; key: string } {
  const cert = readCertificates(certFile);
  const key = read(keyFile, 'private key', parseKey);
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new FileError(`--key '${keyFile}' does not fit --cert '${certFile}'`);
  }
  return { cert, key };
}

/** Reads one certificate and those that stand behind it; throws a FileError. */
export function readCertificates(file: string): string {
  return read(file, 'certificate', (pem) => [
    new X509Certificate(pem),
    createSecureContext({ cert: pem, ca: [], ciphers: anyStrength }),
  ]);
}

function parseKey(pem: string): KeyObject {
  if (isEncrypted(pem)) throw new Error('it is encrypted; a key without passphrase is needed');
  return createPrivateKey(pem);
}

/**
 * PKCS #8 names it in the first line of the key (RFC 7468 section 11), OpenSSL's older form in the
 * second. Text around the key is for people.
 */
function isEncrypted(pem: string): boolean {
  const [, kind = '', header = ''] =
    /^-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----[ \t]*\r?\n(Proc-Type:.*)?/m.exec(pem) ?? [];
  return /\bENCRYPTED\b/.test(kind) || /\bENCRYPTED\b/.test(header);
}

/** The first line of what is read (RFC 7468); OpenSSH's own form of keys is another. */
const beginnings = {
  certificate: /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/m,
  'private key': /^-----BEGIN (?!OPENSSH )[A-Z0-9 ]*PRIVATE KEY-----/m,
};

function read(
  file: string,
  what: keyof typeof beginnings,
  parse: (pem: string) => unknown,
): string {
  let pem: string;
  try {
    const found = statSync(file);
    // Anything but a file could keep us waiting, or never end.
    if (!found.isFile()) throw new Error('it is not a regular file');
    if (found.size > maxPemBytes) throw new Error('it is larger than 1 MiB');
    // Editors of Windows put a byte order mark before the text, which BoringSSL does not skip.
    pem = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new FileError(`cannot read ${what} '${file}': ${(error as Error).message}`);
  }
  try {
    if (!beginnings[what].test(pem)) throw new Error(`it has no ${what} in PEM form`);
    parse(pem);
  } catch (error) {
    throw new FileError(`no usable ${what} in '${file}': ${(error as Error).message}`);
  }
  return pem;
}
