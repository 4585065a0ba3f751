import { openInbox } from './inbox.ts';
import type { OpenInput, StreamSocket } from './stream.ts';

/** What is used of https://bun.sh/reference/bun/Socket. */
export interface BunSocket {
  data: BunStream;
  /** Returns how many bytes the system has taken; `drain` is called when it can take more. */
  write(bytes: Uint8Array): number;
  /** Ends our side; its `end` would close both. */
  shutdown(): void;
  close(): void;
  pause(): void;
  resume(): void;
}

/** A socket, and what its events do. */
interface BunStream extends StreamSocket {
  readonly events: {
    readonly bytes: (bytes: Buffer) => void;
    readonly end: () => void;
    readonly room: () => void;
    readonly close: () => void;
  };
}

/** The events of all sockets; `open` makes the stream of each. */
export const socketEvents = {
  data: ({ data }: BunSocket, bytes: Buffer) => data.events.bytes(bytes),
  end: ({ data }: BunSocket) => data.events.end(),
  drain: ({ data }: BunSocket) => data.events.room(),
  close: ({ data }: BunSocket) => data.events.close(),
  // It is closed afterwards.
  error: () => {},
};

/** A socket of Bun, which was opened with `allowHalfOpen`. */
export function streamSocket(socket: BunSocket): BunStream {
  const inbox = openInbox(socket);
  let state: 'open' | 'closing' | 'closed' = 'open';
  let rest: Uint8Array | undefined;
  let onDone = () => {};
  let onClose = () => {};
  const write = () => {
    if (rest === undefined) return;
    rest = rest.subarray(Math.max(0, socket.write(rest)));
    if (rest.length > 0) return;
    rest = undefined;
    socket.shutdown();
    onDone();
    if (state === 'closing') socket.close();
  };
  return {
    ...inbox,
    end(text, done) {
      if (state === 'closed') return done();
      rest = Buffer.from(text);
      onDone = done;
      return write();
    },
    isClosed: () => state === 'closed',
    close: () => socket.close(),
    closeSoon() {
      if (rest === undefined) socket.close();
      else state = 'closing';
    },
    onClose(act) {
      onClose = act;
    },
    events: {
      bytes: inbox.take,
      end: inbox.end,
      room: write,
      close() {
        state = 'closed';
        inbox.end();
        rest = undefined;
        onDone();
        onClose();
      },
    },
  };
}

/**
 * What is used of https://bun.sh/reference/bun/connect, which takes a descriptor too, and of
 * https://bun.sh/reference/bun/stdin.
 */
interface BunStreams {
  connect(options: {
    readonly fd: number;
    readonly allowHalfOpen: true;
    readonly socket: typeof socketEvents & { open(socket: BunSocket): void };
  }): Promise<BunSocket>;
  readonly stdin: { stream(): ReadableStream<Uint8Array> };
}

const bun = () => (globalThis as unknown as { Bun: BunStreams }).Bun;

/** Opens the stream socket that a descriptor is; undefined for anything else. */
export async function openSocket(fd: number): Promise<StreamSocket | undefined> {
  const open = (socket: BunSocket) => {
    socket.data = streamSocket(socket);
  };
  const options = { fd, allowHalfOpen: true, socket: { ...socketEvents, open } } as const;
  return bun()
    .connect(options)
    .then(
      ({ data }) => data,
      () => undefined,
    );
}

/** On Bun's own stream: process.stdin takes 7 ms longer to open. */
export function openStdin(): OpenInput {
  const reader = bun().stdin.stream().getReader();
  let resume = () => {};
  let resumed = Promise.resolve();
  const pause = () => {
    resumed = new Promise((done) => {
      resume = done;
    });
  };
  const inbox = openInbox({ pause, resume: () => resume() });
  const read = async () => {
    await resumed;
    const { value } = await reader.read();
    if (value === undefined) return;
    inbox.take(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    await read();
  };
  read()
    .catch(() => {})
    .finally(inbox.end);
  return { ...inbox, close: () => void reader.cancel().catch(() => {}) };
}
