import type { Inbox } from './sockets/inbox.ts';
import type { StdinStream } from './stdin.ts';

/** Fills the inbox from process.stdin. */
export function openStdinStream(inbox: Inbox): StdinStream {
  const { stdin } = process;
  stdin.on('data', inbox.take).on('end', inbox.end).on('error', inbox.end).on('close', inbox.end);
  return {
    pause: () => stdin.pause(),
    resume: () => stdin.resume(),
    close: () => stdin.destroy(),
  };
}
