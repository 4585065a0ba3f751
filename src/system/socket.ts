import { connect, Socket } from 'node:net';

/** Opens the socket that a descriptor is; undefined when it is none of streams. */
export function openSocket(fd: number): Socket | undefined {
  const options = { fd, readable: true, writable: true, allowHalfOpen: true };
  try {
    if (process.versions.bun === undefined) return new Socket(options);
    // Bun's constructor does not open it. Its connect does, and leaves the port alone.
    return connect({ ...options, port: 0 });
  } catch {
    return undefined;
  }
}
