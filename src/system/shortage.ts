import { closeSync, openSync } from 'node:fs';

const shortages = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/**
 * The errno(3) of a system without room for another socket, which tells nothing of the peer; undefined
 * for the code of any other error.
 */
export function shortageIn(code: string): string | undefined {
  if (shortages.includes(code)) return code;
  // Bun calls a connection refused that it had no descriptor for.
  const isDoubtful = code === 'ECONNREFUSED' && process.versions.bun !== undefined;
  return isDoubtful ? descriptorShortage() : undefined;
}

function descriptorShortage(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
