import { connect, Socket } from 'node:net';

/** Opens the stream socket that a descriptor is; undefined for anything else. */
export function openSocket(fd: number): Socket | undefined {
  const options = { fd, readable: true, writable: true, allowHalfOpen: true };
  try {
    if (process.versions.bun === undefined) return new Socket(options);
    // Bun's constructor does not open the descriptor. Its connect does, and ignores the port.
    return connect({ ...options, port: 0 });
  } catch {
    return undefined;
  }
}
