import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A package whose code is in the executables. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX identifier of its licence. */
  readonly license: string;
  /** Its copyright notice and the licence, as it ships them. */
  readonly text: string;
}

/** The packages whose code is in the executables, found by bundling once more without writing. */
export async function bundledPackages(): Promise<readonly BundledPackage[]> {
  const { metafile } = await build({
    entryPoints: ['bin/lbcheck.ts'],
    bundle: true,
    platform: 'node',
    alias: { '@commander-js/extra-typings': 'commander' },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const folders = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort().map(readPackage);
}

/** What the licences of the bundled packages want to stand in every copy. */
export async function notices(): Promise<string> {
  const packages = (await bundledPackages()).map(
    ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`,
  );
  const own = readFileSync('LICENSE', 'utf8').trim();
  return `lbcheck\n\n${own}\n\nIt contains these packages:\n\n${packages.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

/** What stands in front of the notices in the native executable, which has its runtime in it. */
export function runtimeNotice(): string {
  const { version } = JSON.parse(readFileSync('node_modules/bun/package.json', 'utf8'));
  return `This executable contains Bun ${version} (MIT), which contains JavaScriptCore (LGPL-2) and others:
https://github.com/oven-sh/bun/blob/bun-v${version}/LICENSE.md tells their licences, and how to
link Bun with another JavaScriptCore. lbcheck is built from its source by "npm run build:native".

`;
}

/** A text as a comment of JavaScript that minifiers keep. */
export function asComment(text: string): string {
  return `/*!\n${text.replaceAll('*/', '* /')}*/`;
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence to copy`);
  return { name, version, license, text: readFileSync(join(folder, file), 'utf8') };
}
