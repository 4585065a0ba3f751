import type { Input } from './inbox.ts';

/** One connection on a stream socket. Its two sides end separately. */
export interface StreamSocket extends Input {
  /**
   * Sends the text, and ends our side. `onDone` is called when the system has taken it all, and when the
   * socket is closed; perhaps within the call.
   */
  end(text: string, onDone: () => void): void;
  /** True when nothing more will come from the other side. */
  hasEnded(): boolean;
  isClosed(): boolean;
  /** What the system has not taken is lost. */
  close(): void;
  /** Closes once the system has taken what was sent. */
  closeSoon(): void;
  /** `act` is called once, when the socket is closed by either side; perhaps within the call that closes it. */
  onClose(act: () => void): void;
}

/** The builds know the condition, and leave the other branch out. */
const sockets = () =>
  process.versions.bun === undefined ? import('./stream-node.ts') : import('./stream-bun.ts');

/** Opens the stream socket that a descriptor is; undefined for anything else. */
export async function openSocket(fd: number): Promise<StreamSocket | undefined> {
  return (await sockets()).openSocket(fd);
}

/** What comes in on a stream that only one side writes. */
export interface OpenInput extends Input {
  close(): void;
}

/** Opens stdin as a stream, which tells when something comes. Throws for what cannot be read. */
export async function openStdinStream(): Promise<OpenInput> {
  return (await sockets()).openStdin();
}
