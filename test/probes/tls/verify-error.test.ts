import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { trustIn } from '../../../src/probes/tls/trust-store.ts';
import { explainVerifyError, verifyErrorOf } from '../../../src/probes/tls/verify-error.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Chains, makeChains } from '../../support/tls-chains.ts';

const cleanUp = afterThisFile();
let chains: Chains;

beforeAll(async () => {
  chains = await makeChains(cleanUp);
});

const verification = (shown: readonly string[], wanted = 'leaf.test', ca?: string) => ({
  ...{ shown: shown.map(chains.certificate), wanted, ca },
});

describe('an error of verification is explained', () => {
  test.each<[string, string, readonly string[], string]>([
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'with the names wanted and shown',
      ['leaf', 'inter'],
      'it is not for other.test, only for leaf.test, www.leaf.test, 127.0.0.1',
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'with the common name when that is all',
      ['twice'],
      'it is not for other.test, only for one, two',
    ],
    ['CERT_HAS_EXPIRED', 'with the day', ['stray'], 'Stray expired on [0-9-]{10}'],
    [
      'CERT_NOT_YET_VALID',
      'with the day',
      ['future'],
      'future.test is not valid before [0-9-]{10}',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'with its name',
      ['root'],
      "New Root is its own issuer, and not in the system's store; --ca FILE names whom to trust",
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'with the root',
      ['leaf', 'inter', 'root'],
      "leaf.test is issued under New Root, which is not in the system's store; --ca FILE names whom to trust",
    ],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'with the issuer that is missing',
      ['leaf'],
      "leaf.test is issued by Intermediate, which was not shown and is not in the system's store; --ca FILE names whom to trust",
    ],
    [
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'with the issuer that is missing further up',
      ['leaf', 'inter'],
      "leaf.test, by way of Intermediate, is issued by New Root, which was not shown and is not in the system's store; --ca FILE names whom to trust",
    ],
    [
      'UNSPECIFIED',
      'with the certificate that has name constraints',
      ['outside', 'limited', 'root'],
      'outside.test may be outside the name constraints of Limited',
    ],
    ['UNSPECIFIED', 'with its issuer', ['leaf', 'inter'], 'leaf.test, issued by Intermediate'],
    ['INVALID_PURPOSE', 'with its issuer', ['bare'], 'serial number [0-9A-F]+, issued by New Root'],
    [
      'INVALID_PURPOSE',
      'with who is not for servers',
      ['client'],
      'client.test is not for servers',
    ],
    ['UNSPECIFIED', 'when there is none', [], 'none was shown'],
  ])('%s %s', (code, _how, shown, expected) => {
    const text = explainVerifyError(code, verification(shown, 'other.test'));
    expect(text).toMatch(new RegExp(`^certificate does not verify: ${expected} \\(${code}\\)$`));
  });

  test('with the file that names whom to trust', () => {
    const text = explainVerifyError(
      'SELF_SIGNED_CERT_IN_CHAIN',
      verification(['leaf', 'inter', 'root'], 'leaf.test', 'ca.pem'),
    );
    expect(text).toMatch("New Root, which is not in 'ca.pem' (");
  });
});

describe('what a handshake showed that then failed is verified', () => {
  test.each<[string, readonly string[], string, string, string | undefined]>([
    ['by trust and name', ['leaf', 'inter'], 'root', 'leaf.test', undefined],
    ['by an address', ['leaf', 'inter'], 'root', '127.0.0.1', undefined],
    ['past an expired cross-signature', ['leaf', 'inter', 'cross'], 'root', 'leaf.test', undefined],
    ['by its name', ['leaf', 'inter'], 'root', 'x.test', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['by its root', ['leaf', 'inter'], 'stray', 'x', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    ['by itself', ['root'], 'stray', 'x', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['by its beginning', ['future'], 'future', 'future.test', 'CERT_NOT_YET_VALID'],
    ['by its end', ['stray'], 'stray', 'x', 'CERT_HAS_EXPIRED'],
    ['by its purpose', ['client'], 'root', 'client.test', 'INVALID_PURPOSE'],
    ['by the purpose of its issuer', ['under', 'mail'], 'root', 'under.test', 'INVALID_PURPOSE'],
    ['when it has several purposes', ['server'], 'root', 'server.test', undefined],
    ['when there is none', [], 'root', 'x', 'CERT_UNTRUSTED'],
  ])('%s', (_how, shown, trusted, wanted, code) => {
    const trust = trustIn(readFileSync(chains.file(`${trusted}.pem`), 'utf8'));
    expect(verifyErrorOf(verification(shown, wanted), trust)).toBe(code);
  });
});
