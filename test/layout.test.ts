import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** From the top to the bottom: a file imports from its own room and from the rooms below it. */
const rooms = [
  ...['bin/', 'src/main.ts', 'src/command-line/', 'src/probes/', 'src/serve/', 'src/replies/'],
  ...['src/options/', 'src/net/', 'src/check/', 'src/system/'],
];

/** Rooms whose members do not know each other; what they share stands in the other folders named. */
const siblings = { 'src/probes/': [], 'src/replies/': ['formats'] } as const;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

function readImports(): readonly Import[] {
  const files = ['bin', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return files.flatMap((from) => importsOf(from, readFileSync(join(root, from), 'utf8')));
}

function importsOf(from: string, source: string): readonly Import[] {
  const statements = source.matchAll(
    /(?:^|\n)(?:import|export) (type )?[^;]*?from '(\.[^']+\.ts)'|import\('(\.[^']+\.ts)'\)/g,
  );
  return [...statements].map(([, type, early, late]) => ({
    from,
    to: normalize(join(from, '..', early ?? late ?? '')),
    isType: type !== undefined,
  }));
}

const roomOf = (file: string) => rooms.findIndex((room) => file.startsWith(room));

/** Such as `rbl` for src/probes/rbl/zone.ts; undefined for a file that is in no folder of its room. */
function memberOf(file: string): { room: string; member: string } | undefined {
  for (const [room, shared] of Object.entries(siblings)) {
    const [member = '', ...rest] = file.startsWith(room) ? file.slice(room.length).split('/') : [];
    const isShared = (shared as readonly string[]).includes(member);
    const isLoose = rest.length === 0 && /^(index|declaration|reply)\.ts$/.test(member);
    if (member !== '' && !isShared && !isLoose) return { room, member };
  }
  return undefined;
}

function isSideways({ from, to }: Import): boolean {
  const [a, b] = [memberOf(from), memberOf(to)];
  return a !== undefined && b !== undefined && a.room === b.room && a.member !== b.member;
}

/** The circles of imports at run time, each as the files along it. */
function circles(imports: readonly Import[]): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, isType } of imports) {
    if (!isType) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start >= 0) found.add([...path.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const next of targets.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return [...found];
}

const inWords = (imports: readonly Import[]) => imports.map(({ from, to }) => `${from} -> ${to}`);

describe('imports', () => {
  const imports = readImports();

  test('are found', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter(({ to }) => roomOf(to) < 0)).toEqual([]);
  });

  test('run down the list of rooms, never up', () => {
    expect(inWords(imports.filter(({ from, to }) => roomOf(to) < roomOf(from)))).toEqual([]);
  });

  test('do not run sideways between two probes or two replies', () => {
    expect(inWords(imports.filter(isSideways))).toEqual([]);
  });

  test('run in no circle', () => {
    expect(circles(imports)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['up', 'src/check/run.ts', 'src/net/resolve.ts'],
    ['sideways', 'src/probes/rbl/index.ts', 'src/probes/tls/index.ts'],
    ['sideways', 'src/replies/json.ts', 'src/replies/plugin.ts'],
  ])('that run %s are told by their two files', (_direction, from, to) => {
    const wrong = { from, to, isType: true };
    expect(roomOf(to) < roomOf(from) || isSideways(wrong)).toBe(true);
    expect(inWords([wrong])).toEqual([`${from} -> ${to}`]);
  });

  test('in a circle are told by all its files', () => {
    const [a, b] = ['src/net/a.ts', 'src/net/b.ts'];
    const circle = [
      { from: a, to: b, isType: false },
      { from: b, to: a, isType: false },
    ];
    expect(circles(circle)).toEqual([`${a} -> ${b} -> ${a}`]);
  });
});

test('nothing stands loose in src but main.ts, and every folder is a room', () => {
  const names = readdirSync(join(root, 'src'), { withFileTypes: true });
  const found = names.map((entry) => `src/${entry.name}${entry.isDirectory() ? '/' : ''}`);
  expect(found.sort()).toEqual(rooms.slice(1).sort());
});

test('no source file has more than 200 lines', () => {
  const long = ['bin', 'src', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mts|cjs)$/.test(name))
      .map((name) => join(folder, name))
      .filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 201),
  );
  expect(long).toEqual([]);
});
