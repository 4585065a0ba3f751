import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { description, version } from '../../package.json';
import { probes } from '../../src/probes/index.ts';
import { bundledPackages, notices, runtimeNotice } from '../notices.ts';
import { completion } from './completion.ts';
import { copyright } from './copyright.ts';
import { manual } from './manual.ts';
import { sbom } from './sbom.ts';

const bundle = 'dist/lbcheck';

/** Makes what the packages hold beside the executables, from dist/lbcheck, docs/ and the licences. */
async function main(): Promise<void> {
  const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000);
  const timestamp = new Date(Math.floor(seconds) * 1000).toISOString();
  for (const folder of ['dist/man', 'dist/completion']) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const release = { version, date: timestamp.slice(0, 10) };
  for (const { file, text } of manual(bundle, 'docs', release)) {
    writeFileSync(`dist/man/${file}`, text);
  }
  writeFileSync('dist/completion/lbcheck', completion(bundle));
  const plugins = probes.flatMap(({ plugin }) => plugin ?? []);
  writeFileSync('dist/plugins', `${plugins.join('\n')}\n`);

  const packages = await bundledPackages();
  const own = readFileSync('LICENSE', 'utf8');
  writeFileSync('dist/NOTICES', await notices());
  writeFileSync('dist/NOTICES-native', `${runtimeNotice()}${await notices()}`);
  writeFileSync('dist/copyright', copyright(own, packages, runtimeNotice()));
  const bun = JSON.parse(readFileSync('node_modules/bun/package.json', 'utf8')).version;
  const product = { version, timestamp, description, bun };
  writeFileSync('dist/lbcheck.cdx.json', sbom(product, packages));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
