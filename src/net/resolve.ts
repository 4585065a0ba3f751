import { readFileSync } from 'node:fs';
import { isAddress } from './host-names.ts';

/** One address for a name; or why there is none. */
export type Resolution =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'no-address' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Looks a host name up, once, to one address: the first that /etc/hosts gives, in the order of its
 * lines (hosts(5)), else the first of the system's resolver. An address is returned as it is.
 */
export async function resolve(host: string, signal: AbortSignal): Promise<Resolution> {
  if (isAddress(host)) return { kind: 'address', address: host };
  const address = inHostsFile(host, readHostsFile());
  return address === undefined ? getent(host, signal) : { kind: 'address', address };
}

function readHostsFile(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8');
  } catch {
    return '';
  }
}

/** The first address that a text in the form of hosts(5) gives a name. */
export function inHostsFile(host: string, text: string): string | undefined {
  const wanted = host.replace(/\.$/, '').toLowerCase();
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address && isAddress(address) && names.some((name) => name.toLowerCase() === wanted)) {
      return address;
    }
  }
  return undefined;
}

/**
 * Asks getent(1), which knows what the system's nsswitch.conf and resolv.conf say. In a process of
 * its own, since a getaddrinfo in ours cannot be cancelled: with a dead resolver it holds the exit
 * up for seconds.
 */
async function getent(host: string, signal: AbortSignal): Promise<Resolution> {
  // Late, since it loads node:child_process.
  const { runProgram } = await import('../system/subprocess.ts');
  const end = await runProgram('getent', ['ahosts', host], signal);
  switch (end.kind) {
    case 'late':
      return { kind: 'silence' };
    case 'not-started': {
      const { startFailure } = await import('../system/start-failure.ts');
      const reason = startFailure('getent', end.code);
      return { kind: 'failed', reason: `getent, which looks names up, did not start: ${reason}` };
    }
    case 'ended':
      return readGetent(end.by, end.stdout);
  }
}

/** Exit 2 of getent(1) says that the name was not found. */
function readGetent(by: number | NodeJS.Signals, output: string): Resolution {
  const address = output.split(/\s/, 1)[0] ?? '';
  if (by === 0 && isAddress(address)) return { kind: 'address', address };
  if (by === 2) return { kind: 'no-address' };
  const how = typeof by === 'number' ? `exit code ${by}` : by;
  return { kind: 'failed', reason: `getent, which looks names up, ended with ${how}` };
}
