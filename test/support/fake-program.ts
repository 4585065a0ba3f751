import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory, until } from './programs.ts';

/** A shell script that replaces a program, and runs in its own directory. */
export interface FakeProgram {
  readonly path: string;
  /** The arguments of each run, in their order. */
  readonly runs: () => Promise<readonly (readonly string[])[]>;
  /** What the script wrote into a file of its directory; waits for it. */
  readonly file: (name: string) => Promise<string>;
}

/** Makes a shell script that records its arguments, and then runs `script`. */
export async function fakeProgram(cleanUp: CleanUp, script: string): Promise<FakeProgram> {
  const files = await directory(cleanUp, { runs: '' });
  const path = join(files, 'program');
  const note = `printf '%s\\n' "$@" end >>runs`;
  await writeFile(path, `#!/bin/sh\ncd ${files}\n${note}\n${script}\n`);
  await chmod(path, 0o755);
  const read = (name: string) => readFile(join(files, name), 'utf8').catch(() => '');
  const runs = async () => {
    const texts = (await read('runs')).split('end\n').slice(0, -1);
    return texts.map((text) => text.split('\n').slice(0, -1));
  };
  const file = async (name: string) => {
    await until(`the script wrote ${name}`, async () => (await read(name)).endsWith('\n'));
    return read(name);
  };
  return { path, runs, file };
}

/** True while a process runs; false for a zombie. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) [ZX] /.test(stat);
}
