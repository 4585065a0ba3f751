/** Takes what comes in on a stream. */
export interface Receiver {
  onBytes(bytes: Buffer): void;
  /** Nothing more will come: the other side has ended or closed, or the stream has failed. */
  onEnd(): void;
}

/** Bytes that come in, for one receiver at a time. */
export interface Input {
  /**
   * Gives what comes to this receiver, and no longer to the one before; perhaps within the call. Without
   * a receiver nothing is read. One that comes after the end is told of it.
   */
  receive(receiver: Receiver | undefined): void;
  /** Takes back what a receiver did not need. The next one gets it first. */
  putBack(bytes: Buffer): void;
}

/** How the reading of a stream is interrupted. */
interface Flow {
  pause(): void;
  resume(): void;
}

/** The side of a stream towards its receiver. */
export interface Inbox extends Input {
  /** Takes what the stream has read. */
  take(bytes: Buffer): void;
  /** The stream has come to its end. It may be called again. */
  end(): void;
  isWanted(): boolean;
  hasEnded(): boolean;
}

/** Keeps what comes while there is no receiver. Pauses the stream when the first bytes come then. */
export function openInbox(flow: Flow): Inbox {
  let receiver: Receiver | undefined;
  let hasEnded = false;
  let isPaused = false;
  const held: Buffer[] = [];
  return {
    receive(next) {
      receiver = next;
      for (let bytes = held[0]; receiver && bytes; bytes = held[0]) {
        held.shift();
        receiver.onBytes(bytes);
      }
      if (!receiver) return;
      if (hasEnded) return receiver.onEnd();
      if (isPaused) flow.resume();
      isPaused = false;
    },
    putBack: (bytes) => void held.unshift(bytes),
    take(bytes) {
      if (receiver) return receiver.onBytes(bytes);
      held.push(bytes);
      if (!isPaused) flow.pause();
      isPaused = true;
    },
    end() {
      if (hasEnded) return;
      hasEnded = true;
      receiver?.onEnd();
    },
    isWanted: () => receiver !== undefined,
    hasEnded: () => hasEnded,
  };
}
