import { constants } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

const isBoringssl = process.versions.boringssl !== undefined;

/**
 * Every cipher that the library has, and no rule for the sizes of keys (openssl-ciphers(1)). BoringSSL
 * has no such rules, and takes no word about them.
 */
export const anyStrength = isBoringssl
  ? 'ALL:COMPLEMENTOFALL'
  : [
      // All that OpenSSL has for TLS 1.3; by default it leaves out CCM.
      ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
      ...['TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256'],
      ...['ALL', 'COMPLEMENTOFALL', '@SECLEVEL=0'],
    ].join(':');

const commonGroups = 'X25519:P-256:P-384:P-521';

/** A library that was built without one of these groups refuses the whole list. */
const groupLists = [
  [
    ...[commonGroups, 'X448', 'secp256k1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
    ...['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
  ].join(':'),
  commonGroups,
];

/** Options of a context in which old servers complete their handshake: strength is not what is judged. */
export function weakestOptions(): SecureContextOptions {
  return {
    minVersion: 'TLSv1',
    ciphers: anyStrength,
    ecdhCurve: groups(),
    // One ClientHello of 517 bytes on every Node: some old servers hang on 256 to 511 (RFC 7685).
    secureOptions: constants.SSL_OP_ALL | constants.SSL_OP_LEGACY_SERVER_CONNECT,
  };
}

let known: string | undefined;

/** The key exchange groups of the library. Each takes 2 bytes of the ClientHello; only the first has a key share. */
function groups(): string {
  known ??= groupLists.find(isKnown) ?? commonGroups;
  return known;
}

function isKnown(list: string): boolean {
  try {
    createSecureContext({ ca: [], ecdhCurve: list });
    return true;
  } catch {
    return false;
  }
}
