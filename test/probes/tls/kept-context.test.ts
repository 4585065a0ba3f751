import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { keptContext } from '../../../src/probes/tls/kept-context.ts';
import { afterThisFile } from '../../support/clean-up.ts';
import { type Certificates, makeCertificates } from '../../support/tls-certificates.ts';

const cleanUp = afterThisFile();
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(cleanUp);
});

test('a context is kept until one of its files changes', () => {
  const ca = `${certificates.directory}/changing.pem`;
  const check = { cert: undefined, key: undefined, ca, verify: true };
  copyFileSync(certificates.authority.cert, ca);
  const first = keptContext(check);
  expect(first).toHaveProperty('context');
  expect(keptContext(check)).toBe(first);
  expect(keptContext({ ...check })).not.toBe(first);

  copyFileSync(certificates.selfSigned.cert, ca);
  const second = keptContext(check);
  expect(second).not.toBe(first);
  expect(second).toHaveProperty('context');

  writeFileSync(ca, 'no certificate');
  expect(keptContext(check)).toMatch(/no usable certificate/);
  rmSync(ca);
  expect(keptContext(check)).toMatch(/ENOENT/);
  copyFileSync(certificates.authority.cert, ca);
  expect(keptContext(check)).toHaveProperty('context');
});

test('the store of the system is read once for many checks', () => {
  const check = { cert: undefined, key: undefined, ca: undefined, verify: true };
  const first = keptContext(check);
  const start = performance.now();
  for (let count = 0; count < 100; count += 1) expect(keptContext(check)).toBe(first);
  expect(performance.now() - start).toBeLessThan(1000);
});
