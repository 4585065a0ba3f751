import { beforeAll, describe, expect, test } from 'vitest';
import {
  alternativeNames,
  isItsOwnIssuer,
  issuerNameOf,
  isValidAt,
  nameOf,
  namesInWords,
} from '../../../src/probes/tls/certificate.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Chains, makeChains } from '../../support/tls-chains.ts';

const cleanUp = afterThisFile();
let chains: Chains;

beforeAll(async () => {
  chains = await makeChains(cleanUp);
});

describe('a certificate is called', () => {
  test.each([
    ['by its common name', 'leaf', 'leaf.test'],
    ['by both common names', 'twice', 'one, two'],
    ['by its first DNS name without one', 'nameless', 'first.test'],
    ['by its address without a DNS name', 'address', '192.0.2.7'],
    ['by its URI without an address', 'resource', 'urn:x:y'],
    ['by its organisation without a name that it is for', 'organised', 'Example Inc'],
  ])('%s', (_what, certificate, name) => {
    expect(nameOf(chains.certificate(certificate))).toBe(name);
  });

  test('by its serial number when there is nothing else', () => {
    const bare = chains.certificate('bare');
    expect(nameOf(bare)).toBe(`serial number ${bare.serialNumber}`);
  });
});

test('the names that it is for are in one order, and nothing else is among them', () => {
  expect(alternativeNames(chains.certificate('nameless'))).toEqual([
    ...['first.test', 'second.test', '192.0.2.7', 'urn:x:y'],
  ]);
  expect(alternativeNames(chains.certificate('resource'))).toEqual(['urn:x:y']);
  expect(alternativeNames(chains.certificate('bare'))).toEqual([]);
});

test('a name with a comma in it is one name', async () => {
  await chains.make(
    `key comma; openssl req -new -x509 -key comma.key -subj / -days 5 -out comma.pem -config /dev/stdin <<END
[req]
distinguished_name=d
x509_extensions=x
[d]
[x]
subjectAltName=@n
[n]
URI.1=urn:a\\, DNS:evil.test
END`,
  );
  expect(alternativeNames(chains.certificate('comma'))).toEqual(['urn:a, DNS:evil.test']);
});

test('what it is for is said in a few words, however many and long its names are', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `DNS:host${index}.${'x'.repeat(60)}.test`);
  await chains.make(
    `issue many root /CN=${'y'.repeat(64)}/CN=${'z'.repeat(64)} 9 subjectAltName=${names}`,
  );
  const many = chains.certificate('many');
  expect(namesInWords(many)).toMatch(/^host0\.x+\.test, .* and 46 more$/);
  expect(namesInWords(many).length).toBeLessThan(500);
  expect(nameOf(many).length).toBeLessThan(110);
  expect(namesInWords(chains.certificate('leaf'))).toBe('leaf.test, www.leaf.test, 127.0.0.1');
  expect(namesInWords(chains.certificate('twice'))).toBe('one, two');
});

test('its issuer is called by the common name, or by all that is known', () => {
  expect(issuerNameOf(chains.certificate('leaf'))).toBe('Intermediate');
  expect(issuerNameOf(chains.certificate('bare'))).toBe('New Root');
});

test('it is valid between its dates', () => {
  const [leaf, future, stray] = ['leaf', 'future', 'stray'].map(chains.certificate);
  const now = new Date();
  const isValid = [leaf, future, stray].map((one) => one && isValidAt(one, now));
  expect(isValid).toEqual([true, false, false]);
  expect(future && isValidAt(future, new Date(now.getTime() + 8 * 86_400_000))).toBe(true);
});

test('it is its own issuer by name and by key', () => {
  expect(isItsOwnIssuer(chains.certificate('root'))).toBe(true);
  expect(isItsOwnIssuer(chains.certificate('cross'))).toBe(false);
  expect(isItsOwnIssuer(chains.certificate('leaf'))).toBe(false);
});
