import type { Inbox } from './sockets/inbox.ts';
import type { StdinStream } from './stdin.ts';

/** What is used of https://bun.sh/reference/bun/stdin: process.stdin takes 7 ms longer to open. */
interface BunStdin {
  readonly stdin: { stream(): ReadableStream<Uint8Array> };
}

/** Fills the inbox from Bun's own stream. */
export function openStdinStream(inbox: Inbox): StdinStream {
  const reader = (globalThis as unknown as { Bun: BunStdin }).Bun.stdin.stream().getReader();
  let resume = () => {};
  let paused = Promise.resolve();
  const read = async () => {
    try {
      for (;;) {
        await paused;
        const { value } = await reader.read();
        if (value === undefined) break;
        inbox.take(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      }
    } catch {}
    inbox.end();
  };
  read();
  return {
    pause() {
      paused = new Promise((done) => {
        resume = done;
      });
    },
    resume: () => resume(),
    close: () => void reader.cancel().catch(() => {}),
  };
}
