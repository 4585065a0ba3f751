import type { CleanUp } from './clean-up.ts';
import { directory, freePort, type Program, start, until } from './programs.ts';

/** One zone: its data set's type (rbldnsd(8)) and the text of its file. */
export interface ZoneFile {
  readonly type: 'ip4set' | 'ip4trie' | 'ip6trie' | 'dnset';
  readonly text: string;
}

export interface Rbldnsd extends Program {
  readonly port: number;
  /** The directory of the zone files, each with its zone's name. */
  readonly files: string;
}

/** Starts rbldnsd with zones by name on a free port of loopback. */
export async function startRbldnsd(
  cleanUp: CleanUp,
  zones: Readonly<Record<string, ZoneFile>>,
): Promise<Rbldnsd> {
  const texts = Object.entries(zones).map(([zone, { text }]) => [zone, text]);
  const files = await directory(cleanUp, Object.fromEntries(texts));
  const port = await freePort();
  const program = await start(cleanUp, 'rbldnsd', [
    ...['-n', '-c', '1s', '-b', `127.0.0.1/${port}`, '-w', files],
    ...Object.entries(zones).map(([zone, { type }]) => `${zone}:${type}:${zone}`),
  ]);
  await until('rbldnsd has started', async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return program.output().includes('started');
  });
  return { ...program, port, files };
}

const listed = ':127.0.0.2:listed\n';

/** Zone files of lists in every state. */
export const zoneFiles = {
  good: { type: 'ip4set', text: `${listed}127.0.0.2\n` },
  withoutTestEntry: { type: 'ip4set', text: `${listed}192.0.2.1\n` },
  wildcard: { type: 'ip4trie', text: `${listed}0.0.0.0/0\n` },
  expired: { type: 'ip4set', text: `$TIMESTAMP 2020:01:01 2020:01:02\n${listed}127.0.0.2\n` },
  names: { type: 'dnset', text: `${listed}TEST\n` },
  ip6: { type: 'ip6trie', text: `${listed}::ffff:7f00:2/128\n` },
} as const satisfies Record<string, ZoneFile>;
