import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemTrust, trustIn } from '../../../src/probes/tls/trust-store.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Chains, makeChains } from '../../support/tls-chains.ts';

const cleanUp = afterThisFile();
let chains: Chains;
const pem = (name: string) => readFileSync(chains.file(`${name}.pem`), 'utf8');

beforeAll(async () => {
  chains = await makeChains(cleanUp);
  await chains.make('openssl x509 -in root.pem -trustout -addtrust serverAuth -out trusted.pem');
  mkdirSync(chains.file('hashed'));
  copyFileSync(chains.file('root.pem'), chains.file('hashed/root.crt'));
  symlinkSync('root.crt', chains.file('hashed/0123abcd.0'));
});

describe('a text of certificates', () => {
  test('has each of them once, whatever stands between', () => {
    const trust = trustIn(`# words\n${pem('root')}subject=x\r\n${pem('stray')}\n${pem('root')}`);
    expect(trust.pems()).toHaveLength(2);
    expect(trust.has(chains.certificate('root'))).toBe(true);
    expect(trust.has(chains.certificate('inter'))).toBe(false);
    expect(trust.issuersOf(chains.certificate('inter')).map(({ subject }) => subject)).toEqual([
      'CN=New Root',
    ]);
  });

  test('tells two issuers of one name by their keys', () => {
    const trust = trustIn(`${pem('root')}${pem('old-root')}`);
    const issuers = trust.issuersOf(chains.certificate('cross'));
    expect(issuers.map(({ subject }) => subject)).toEqual(['CN=Old Root']);
    expect(trust.issuersOf(chains.certificate('leaf'))).toEqual([]);
  });

  test('may be in the form that has words of trust', () => {
    expect(trustIn(pem('trusted')).has(chains.certificate('root'))).toBe(true);
    expect(trustIn(pem('trusted')).pems()).toEqual(trustIn(pem('root')).pems());
  });

  test('may hold anything', () => {
    const block = fc
      .base64String({ maxLength: 200 })
      .map((body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);
    fc.assert(
      fc.property(fc.array(fc.oneof(block, fc.string())), (parts) => {
        const trust = trustIn(parts.join(''));
        expect(trust.issuersOf(chains.certificate('leaf'))).toEqual([]);
      }),
    );
  });
});

describe('the system trusts', () => {
  const root = () => chains.certificate('root');

  test.each<[string, () => Record<string, string>]>([
    ['whom SSL_CERT_FILE names', () => ({ SSL_CERT_FILE: chains.file('root.pem') })],
    ['whom SSL_CERT_DIR names by hash', () => ({ SSL_CERT_DIR: `/none:${chains.file('hashed')}` })],
    ['whom NODE_EXTRA_CA_CERTS names', () => ({ NODE_EXTRA_CA_CERTS: chains.file('root.pem') })],
  ])('%s, beside the list of the runtime', (_whom, env) => {
    const trust = systemTrust(env());
    expect(trust.has(root())).toBe(true);
    expect(trust.pemsBeyondRuntime()).toContain(trustIn(root().toString()).pems()[0]);
    expect(trust.pemsBeyondRuntime().length).toBeLessThan(trust.pems().length - 50);
    expect(trust.pems().length).toBeGreaterThan(rootCertificates.length);
    expect(systemTrust({}).has(root())).toBe(false);
  });

  test.each<[string, () => string]>([
    ['missing', () => chains.file('missing.pem')],
    ['a directory', () => chains.file('hashed')],
    ['not certificates', () => chains.file('root.key')],
    ['a device that never ends', () => '/dev/zero'],
    ['too large', () => chains.file('large.pem')],
  ])('the list of the runtime when SSL_CERT_FILE is %s', (_what, file) => {
    writeFileSync(chains.file('large.pem'), `${pem('root')}${'#'.repeat(3 * 1024 ** 2)}`);
    const trust = systemTrust({ SSL_CERT_FILE: file(), SSL_CERT_DIR: '/none' });
    expect(trust.has(root())).toBe(false);
    expect(trust.pems().length).toBeGreaterThan(50);
  });

  test('does not look at a file whose name is no hash', () => {
    copyFileSync(chains.file('stray.pem'), chains.file('hashed/stray.pem'));
    const trust = systemTrust({ SSL_CERT_DIR: chains.file('hashed') });
    expect(trust.has(chains.certificate('stray'))).toBe(false);
  });
});
