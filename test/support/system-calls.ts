import { execFileSync } from 'node:child_process';

/** The sets of systemd-analyze(1) syscall-filter, each with its members, which may be sets. */
function sets(): ReadonlyMap<string, readonly string[]> {
  const text = execFileSync('systemd-analyze', ['syscall-filter', '--no-pager'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const members = new Map<string, string[]>();
  let set: string[] = [];
  for (const line of text.split('\n')) {
    const name = line.trim();
    if (line.startsWith('@')) {
      set = [];
      members.set(name, set);
    } else if (name !== '' && !name.startsWith('#')) set.push(name);
  }
  return members;
}

/**
 * The system calls that a unit allows: its lines SystemCallFilter (systemd.exec(5)), the first of
 * which allows, and those with ~ take away.
 */
export function allowedCalls(unit: string): readonly string[] {
  const known = sets();
  const expand = (name: string): readonly string[] =>
    name.startsWith('@') ? (known.get(name) ?? []).flatMap(expand) : [name];
  const allowed = new Set<string>();
  for (const [, without, names = ''] of unit.matchAll(/^SystemCallFilter=(~?)(.+)$/gm)) {
    for (const call of names.split(' ').flatMap(expand)) {
      if (without) allowed.delete(call);
      else allowed.add(call);
    }
  }
  return [...allowed];
}
