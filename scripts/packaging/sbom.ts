import { createHash } from 'node:crypto';
import type { BundledPackage } from '../notices.ts';

/** What a bill of materials tells about the release. */
export interface Product {
  readonly version: string;
  /** When the release was made, as ISO 8601 has it. */
  readonly timestamp: string;
  readonly description: string;
  /** The version of Bun, which is in the native executable alone. */
  readonly bun: string;
}

const repository = 'https://github.com/lbcheck/lbcheck';

/** A bill of materials in CycloneDX 1.5: all third-party code in the executables. */
export function sbom(product: Product, packages: readonly BundledPackage[]): string {
  const { version, timestamp, description, bun } = product;
  const main = component('lbcheck', version, 'MIT', 'application');
  const native = {
    ...component('bun', bun, 'MIT', 'platform'),
    description:
      'Runtime in the native executable alone; it holds JavaScriptCore (LGPL-2.0) and others',
    externalReferences: [
      { type: 'license', url: `https://github.com/oven-sh/bun/blob/bun-v${bun}/LICENSE.md` },
    ],
  };
  const components = [
    ...packages.map(({ name, version: at, license }) => component(name, at, license, 'library')),
    native,
  ];
  const content = {
    version: 1,
    metadata: {
      timestamp,
      component: { ...main, description, externalReferences: [{ type: 'vcs', url: repository }] },
    },
    components,
    dependencies: [
      { ref: main['bom-ref'], dependsOn: components.map((each) => each['bom-ref']) },
      ...components.map((each) => ({ ref: each['bom-ref'] })),
    ],
  };
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    ...content,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function component(name: string, version: string, license: string, type: string) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type, 'bom-ref': purl, name, version, licenses: [{ license: { id: license } }], purl };
}

/** A UUID from a hash (RFC 9562 version 8): the same content has the same number. */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  return hex.replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
    (_, a, b, c, d, e) => `${a}-${b}-8${c}-8${d}-${e}`,
  );
}
