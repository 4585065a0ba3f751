import { statSync } from 'node:fs';
import { type Credentials, contextOf, type TlsContext } from './context.ts';
import { trustPlaces } from './trust-store.ts';

interface Kept {
  readonly filesState: string;
  readonly context: TlsContext;
}

const kept = new WeakMap<Credentials, Kept>();

/**
 * The context of a check. It is made again only when one of its files has changed: making it takes a
 * resident longer than the rest of a check, but a renewed certificate must be seen.
 */
export function keptContext(credentials: Credentials): TlsContext | string {
  const filesState = stateOf(credentials);
  const known = kept.get(credentials);
  if (known?.filesState === filesState) return known.context;
  const context = contextOf(credentials);
  if (typeof context !== 'string') kept.set(credentials, { filesState, context });
  return context;
}

/** A text that changes when one of the files does. */
function stateOf({ cert, key, ca }: Credentials): string {
  const { files, folders } = trustPlaces();
  const trust = ca === undefined ? [...files, ...folders] : [ca];
  return [cert, key, ...trust].map((file) => (file === undefined ? '' : stampOf(file))).join();
}

function stampOf(file: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(file);
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    // The code that reads it tells why it cannot be read.
    return '';
  }
}
