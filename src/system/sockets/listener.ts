import type { StreamSocket } from './stream.ts';

/** A socket that listens. */
export interface Listener {
  /** Stops accepting. The connections stay open. */
  close(): void;
  /** The address and port; the path of a unix socket, which may be empty. */
  address(): { readonly address: string; readonly port: number } | string;
  /** Undefined when it is not known. */
  readonly fd: number | undefined;
}

/** What to listen on: a socket that listens already, or a port; without a host, of any address. */
export type ListenTarget =
  | { readonly fd: number }
  | { readonly port: number; readonly host?: string };

/** Listens, and calls `accept` for each connection. Rejects with the error of the system. */
export async function openListener(
  target: ListenTarget,
  accept: (socket: StreamSocket) => void,
): Promise<Listener> {
  // The builds know the condition, and leave the other branch out.
  const { openListener: open } =
    process.versions.bun === undefined
      ? await import('./listener-node.ts')
      : await import('./listener-bun.ts');
  return open(target, accept);
}
