import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { hasIssued } from './chain.ts';

/** The authorities that a check trusts. */
export interface TrustStore {
  /** One certificate in PEM form each, without doubles. */
  readonly pems: () => readonly string[];
  /** Those of them that the runtime's own list does not have. */
  readonly pemsBeyondRuntime: () => readonly string[];
  readonly has: (certificate: X509Certificate) => boolean;
  /** The trusted certificates that have signed this one. */
  readonly issuersOf: (certificate: X509Certificate) => readonly X509Certificate[];
}

/** The bundles of Debian and Alpine, of RHEL, of openSUSE, and of Alpine without ca-certificates. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Where OpenSSL looks for files of one certificate each: on Debian and Alpine, and on RHEL. */
const directories = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/** A file of trusted certificates is not read when it is larger; Debian's bundle has 220 KB. */
export const maxTrustBytes = 1024 ** 2;

/**
 * The certificates that this system trusts: the runtime's own list, NODE_EXTRA_CA_CERTS, and the system's
 * store. SSL_CERT_FILE and SSL_CERT_DIR replace its places, as for OpenSSL. Unreadable files are skipped.
 */
export function systemTrust(env = process.env): TrustStore {
  const { files, folders } = trustPlaces(env);
  const texts = [...files, ...folders.flatMap(hashedFiles)].map(readQuietly);
  return trustIn([...rootCertificates, ...texts].join('\n'));
}

/** Where the system's store is. */
export function trustPlaces(env = process.env) {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: file, SSL_CERT_DIR: folders } = env;
  return {
    files: [...(extra ? [extra] : []), ...(file ? [file] : bundles)],
    folders: folders ? folders.split(':') : directories,
  };
}

/** Trusts the certificates in a text of PEM form, which may have comments between them. */
export function trustIn(text: string): TrustStore {
  const ders = certificatesIn(text);
  const pems = (keys: Iterable<string>) => [...keys].map(toPem);
  const candidates = (part: Buffer) => [...ders.values()].filter((der) => der.includes(part));
  return {
    pems: () => pems(ders.keys()),
    pemsBeyondRuntime: () => {
      const known = certificatesIn(rootCertificates.join('\n'));
      return pems([...ders.keys()].filter((key) => !known.has(key)));
    },
    has: ({ raw }) => ders.has(raw.toString('base64')),
    // Parsing all of them would take as long as a handshake.
    issuersOf: (certificate) =>
      candidates(issuerField(certificate.raw))
        .flatMap(parse)
        .filter((issuer) => hasIssued(issuer, certificate)),
  };
}

/** The certificates of a text in DER form, each by its base64. */
function certificatesIn(text: string): ReadonlyMap<string, Buffer> {
  const ders = new Map<string, Buffer>();
  for (const [, body = ''] of text.matchAll(pemBlock)) {
    const bytes = Buffer.from(body, 'base64');
    const der = bytes.subarray(0, content(bytes, 0).end);
    ders.set(der.toString('base64'), der);
  }
  return ders;
}

/** OpenSSL does not read lines that are much longer than 64 characters. */
function toPem(base64: string): string {
  const lines = base64.replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** In a TRUSTED CERTIFICATE, OpenSSL's own data follows the certificate. */
const pemBlock =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function parse(der: Buffer): readonly X509Certificate[] {
  try {
    return [new X509Certificate(der)];
  } catch {
    return [];
  }
}

/** The files of a directory that OpenSSL looks at, named by a hash of the subject (c_rehash(1)). */
function hashedFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^[0-9a-f]{8}\.\d+$/.test(name))
      .map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function readQuietly(file: string): string {
  try {
    const found = statSync(file);
    return found.isFile() && found.size <= maxTrustBytes ? readFileSync(file, 'latin1') : '';
  } catch {
    return '';
  }
}

/** The issuer's name in a certificate, as it stands there (RFC 5280 section 4.1). */
function issuerField(certificate: Buffer): Buffer {
  const toBeSigned = content(certificate, content(certificate, 0).start);
  let next = toBeSigned.start;
  const versionTag = 0xa0;
  if (certificate[next] === versionTag) next = content(certificate, next).end;
  const serialNumber = content(certificate, next);
  const algorithm = content(certificate, serialNumber.end);
  return certificate.subarray(algorithm.end, content(certificate, algorithm.end).end);
}

/** Where the content of the DER item at `offset` begins and ends (X.690 section 8.1.3). */
function content(bytes: Buffer, offset: number): { start: number; end: number } {
  const first = bytes[offset + 1] ?? 0;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + digits;
  let length = digits === 0 ? first : 0;
  for (const digit of bytes.subarray(offset + 2, start)) length = length * 256 + digit;
  return { start, end: start + length };
}
