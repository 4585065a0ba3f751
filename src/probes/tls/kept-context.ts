import { statSync } from 'node:fs';
import { type Credentials, contextOf, type TlsContext } from './context.ts';
import { trustPlaces } from './trust-store.ts';

interface Kept {
  readonly filesState: string;
  readonly context: TlsContext;
}

const kept = new WeakMap<Credentials, Kept>();

/**
 * The context of a check, made again only when one of its files has changed: a resident would spend
 * most of each check on it, and is to see a certificate that was renewed.
 */
export function keptContext(credentials: Credentials): TlsContext | string {
  const filesState = stateOf(credentials);
  const known = kept.get(credentials);
  if (known?.filesState === filesState) return known.context;
  const context = contextOf(credentials);
  if (typeof context !== 'string') kept.set(credentials, { filesState, context });
  return context;
}

/** Changes whenever a file does. */
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
    // It is read, and fails with a reason, in its turn.
    return '';
  }
}
