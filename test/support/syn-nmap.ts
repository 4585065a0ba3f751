import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { directory, until } from './programs.ts';

/** A shell script in the place of nmap, which runs in a directory of its own. */
export interface FakeNmap {
  readonly path: string;
  /** The words of each run, in its order. */
  readonly runs: () => Promise<readonly (readonly string[])[]>;
  /** What the script wrote into a file of its directory; waits for it. */
  readonly file: (name: string) => Promise<string>;
}

/** Makes a shell script that notes its words, and then does what `script` says. */
export async function fakeNmap(cleanUp: CleanUp, script: string): Promise<FakeNmap> {
  const files = await directory(cleanUp, { runs: '' });
  const path = join(files, 'nmap');
  const note = `printf '%s\\n' "$@" end >>runs`;
  await writeFile(path, `#!/bin/sh\ncd ${files}\n${note}\n${script}\n`);
  await chmod(path, 0o755);
  const read = (name: string) => readFile(join(files, name), 'utf8').catch(() => '');
  const runs = async () => {
    const texts = (await read('runs')).split('end\n').slice(0, -1);
    return texts.map((text) => text.split('\n').slice(0, -1));
  };
  const file = async (name: string) => {
    await until(`nmap wrote ${name}`, async () => (await read(name)).endsWith('\n'));
    return read(name);
  };
  return { path, runs, file };
}

/** nmap's XML for one port of one host, as much of it as counts. */
export function xmlOf(port: number | string, state: string, reason: string): string {
  return [
    '<nmaprun scanner="nmap"><host><status state="up" reason="user-set" reason_ttl="0"/>',
    `<ports><port protocol="tcp" portid="${port}"><state state="${state}" reason="${reason}" reason_ttl="0"/></port>`,
    '</ports></host>',
    '<runstats><finished time="1" exit="success"/></runstats></nmaprun>',
  ].join('\n');
}

/** A script that prints a text. */
export const printing = (text: string) => `cat <<'TEXT'\n${text}\nTEXT`;

/** A script that says of a port what nmap 7.70 does: it takes one alone for filtered. */
export const nmap770 = (port: number) => `
case "$*" in
*-p\\ [0-9]*-[0-9]*) ${printing(xmlOf(port, 'open', 'syn-ack'))}
;;
*) ${printing(xmlOf(port, 'filtered', 'no-response'))}
;;
esac`;

/** True while a process runs, and is not merely waited for. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) [ZX] /.test(stat);
}
