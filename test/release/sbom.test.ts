import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { bundledPackages } from '../../scripts/notices.ts';
import { sbom } from '../../scripts/packaging/sbom.ts';

const schemas = join(import.meta.dirname, '../fixtures/cyclonedx');
const read = (name: string) =>
  JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8'));

const product = {
  version: '1.0.0',
  timestamp: '2026-11-26T00:00:00.000Z',
  description: 'a test',
  bun: '1.4.5',
};

test('the bill of materials is CycloneDX, and lists all that is bundled', async () => {
  const packages = await bundledPackages();
  const document = JSON.parse(sbom(product, packages));
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const name of ['spdx', 'jsf-0.82']) {
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const isValid = ajv.validate(read('bom-1.5'), document);
  expect(ajv.errors).toBe(null);
  expect(isValid).toBe(true);
  const names = document.components.map(({ name, version }: typeof product & { name: string }) => [
    name,
    version,
  ]);
  expect(names).toEqual([
    ...packages.map(({ name, version }) => [name, version]),
    ['bun', '1.4.5'],
  ]);
});

test('the same content has the same serial number, another has another', async () => {
  const packages = await bundledPackages();
  const numberOf = (version: string) =>
    JSON.parse(sbom({ ...product, version }, packages)).serialNumber;
  expect(numberOf('1.0.0')).toBe(numberOf('1.0.0'));
  expect(numberOf('1.0.0')).not.toBe(numberOf('1.0.1'));
  expect(numberOf('1.0.0')).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
