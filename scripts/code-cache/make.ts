import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, namePrefix } from './file.ts';
import { startPeers } from './peers.ts';
import { recordRun } from './record.ts';
import { runProgram } from './runs.ts';

const usage = `Usage: make-code-cache [--remove] [BUNDLE]

Makes the code cache of lbcheck for this Node.js, by real checks of servers that it starts on
127.0.0.1. lbcheck starts sooner with it, and as well without. Make it again when Node.js was
upgraded.

  BUNDLE    the installed lbcheck (default: ../../bin/lbcheck beside this program)
  --remove  remove the code caches for all releases of Node.js
`;

async function main(given: readonly string[]): Promise<void> {
  const [option = '', ...rest] = given;
  if (option === '--record') return recordRun(rest);
  if (option === '-h' || option === '--help') return void process.stdout.write(usage);
  const isRemoval = option === '--remove';
  const [path = join(__dirname, '../../bin/lbcheck')] = isRemoval ? rest : given;
  if (isRemoval) return removeCaches(path, () => true);
  const bundle = realpathSync(path);
  const build = /^var build="(\w+)";$/m.exec(readFileSync(bundle, 'latin1'))?.[1];
  if (build === undefined) throw new Error(`${bundle} is no bundle that can have a code cache`);
  const isOurs = (name: string) => name.startsWith(namePrefix(build));
  // Those of an older lbcheck too.
  removeCaches(bundle, (name) => isOurs(name) || !name.startsWith(build));
  mkdirSync(cacheDirectory(bundle), { recursive: true, mode: 0o755 });
  try {
    await makeBy(bundle, build);
  } catch (error) {
    removeCaches(bundle, isOurs);
    throw error;
  }
}

/** Each run adds to the cache what it compiles. Then each is made once more, to see that the cache is right. */
async function makeBy(bundle: string, build: string): Promise<void> {
  const { runs, close } = await startPeers();
  const recorded = [process.execPath, __filename, '--record', bundle, build] as const;
  try {
    for (const command of [recorded, [process.execPath, bundle]] as const) {
      for (const run of runs) {
        const answer = await runProgram(run, command);
        if (run.expected.test(answer)) continue;
        throw new Error(`lbcheck ${run.args.join(' ')} answers ${JSON.stringify(answer)}`);
      }
    }
  } finally {
    close();
  }
}

function removeCaches(bundle: string, isWanted: (name: string) => boolean): void {
  const directory = cacheDirectory(bundle);
  const caches = namesIn(directory).filter((name) => /\.cache(\.\d+)?$/.test(name));
  for (const name of caches.filter(isWanted)) rmSync(join(directory, name));
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`make-code-cache: ${error.message}\n`);
  process.exitCode = 1;
});
