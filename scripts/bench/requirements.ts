import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** The programs that the contestants are or need, each with its Debian package. */
const packages = {
  rbldnsd: 'rbldnsd',
  host: 'bind9-host',
  dig: 'bind9-dnsutils',
  check_dig: 'monitoring-plugins-standard',
  check_tcp: 'monitoring-plugins-basic',
  nmap: 'nmap',
  openssl: 'openssl',
  xinetd: 'xinetd',
  'prometheus-blackbox-exporter': 'prometheus-blackbox-exporter',
  gcc: 'gcc',
  wrk: 'wrk',
  time: 'time',
} as const;

/** Throws, with the names of the packages, unless every one of these programs is in PATH. */
export function requirePrograms(programs: readonly string[] = Object.keys(packages)): void {
  const missing = Object.entries(packages)
    .filter(([program]) => programs.includes(program) && !isInPath(program))
    .map(([, name]) => name);
  if (missing.length > 0) {
    throw new Error(`Needed are these Debian packages: ${missing.join(' ')}`);
  }
}

function isInPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The packages with their versions, one in each line. */
export function versions(): readonly string[] {
  const args = [
    '-W',
    '-f',
    '$' + '{Package} $' + '{Version}\n',
    ...new Set(Object.values(packages)),
  ];
  return execFileSync('dpkg-query', args, { encoding: 'utf8' }).trim().split('\n').sort();
}
