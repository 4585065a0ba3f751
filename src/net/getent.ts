import type { AbortSignalLike } from '../system/abort.ts';
import { startFailure } from '../system/start-failure.ts';
import { runProgram } from '../system/subprocess.ts';
import { isAddress } from './host-names.ts';
import { type Family, familyOf, withoutMapping } from './ip-address.ts';
import type { Resolution } from './resolve.ts';

/**
 * Asks getent(1), which knows what the system's nsswitch.conf and resolv.conf say. In a process of
 * its own, since a getaddrinfo in ours cannot be cancelled: with a dead resolver it holds the exit
 * up for seconds. `missing` when there is no getent that knows of `ahosts`.
 */
export async function askGetent(
  host: string,
  signal: AbortSignalLike,
  family?: Family,
): Promise<Resolution | { readonly kind: 'missing' }> {
  const end = await runProgram('getent', [`ahosts${family ? `v${family}` : ''}`, host], signal);
  switch (end.kind) {
    case 'late':
      return { kind: 'silence' };
    case 'not-started': {
      if (/^(ENOENT|EACCES|ENOEXEC|ENOTDIR)$/.test(end.code)) return { kind: 'missing' };
      const reason = startFailure('getent', end.code);
      return { kind: 'failed', reason: `getent, which looks names up, did not start: ${reason}` };
    }
    case 'ended':
      return read(end.by, end.stdout, family);
  }
}

/** Exit 2 of getent(1) says that the name was not found, 1 that it does not know the database. */
function read(by: number | NodeJS.Signals, output: string, family?: Family) {
  if (by === 1) return { kind: 'missing' } as const;
  if (by === 2) return { kind: 'no-address' } as const;
  const addresses = output.split('\n').map((line) => line.split(/\s/, 1)[0] ?? '');
  const known = addresses.filter(isAddress).map(withoutMapping);
  // For ahostsv6, getent makes IPv4-mapped addresses of IPv4 ones.
  const address = known.find((each) => (family ?? familyOf(each)) === familyOf(each));
  if (by === 0 && address !== undefined) return { kind: 'address', address } as const;
  if (by === 0 && known.length > 0) return { kind: 'no-address' } as const;
  const how = typeof by === 'number' ? `exit code ${by}` : by;
  return { kind: 'failed', reason: `getent, which looks names up, ended with ${how}` } as const;
}
