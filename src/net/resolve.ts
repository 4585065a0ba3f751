import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAddress } from './host.ts';

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

/** The first line is all that is wanted. */
const longestOutput = 1024;

/**
 * Asks getent(1), which knows what the system's nsswitch.conf and resolv.conf say. In a process of
 * its own, since a getaddrinfo in ours cannot be cancelled: with a dead resolver it holds the exit
 * up for seconds.
 */
function getent(host: string, signal: AbortSignal): Promise<Resolution> {
  if (signal.aborted) return Promise.resolve({ kind: 'silence' });
  return new Promise((settle) => {
    const child = spawn('getent', ['ahosts', host], { stdio: ['ignore', 'pipe', 'ignore'] });
    const stop = () => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      settle({ kind: 'silence' });
    };
    signal.addEventListener('abort', stop, { once: true });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(0, longestOutput);
    });
    child.on('error', (error) => {
      signal.removeEventListener('abort', stop);
      settle({
        kind: 'failed',
        reason: `getent, which looks names up, did not start: ${error.message}`,
      });
    });
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      settle(readGetent(code, output));
    });
  });
}

/** Exit 2 of getent(1) says that the name was not found. */
function readGetent(code: number | null, output: string): Resolution {
  const address = output.split(/\s/, 1)[0] ?? '';
  if (code === 0 && isAddress(address)) return { kind: 'address', address };
  if (code === 2) return { kind: 'no-address' };
  return { kind: 'failed', reason: `getent, which looks names up, ended with exit code ${code}` };
}
