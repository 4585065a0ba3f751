/** Runs a question when it is its turn. */
export type Turn = <T>(question: () => Promise<T>) => Promise<T>;

/** How many questions are asked at once, and for how long the last may wait for its turn. */
export interface WindowLimits {
  /** Open questions. */
  readonly size: number;
  /** All questions that are asked together have gone out after so many seconds. */
  readonly lastStart: number;
}

/**
 * Lets a limited number of questions be open at the same time, since a burst overflows the buffers of
 * the server's socket and of ours. A question leaves when it is answered, or when it has been silent for
 * its share of the time: those behind it must get their turn before the deadline.
 */
export function openWindow({ size, lastStart }: WindowLimits): Turn {
  const waiting: (() => void)[] = [];
  let asked = 0;
  let open = 0;
  const admit = () => {
    while (open < size && waiting.length > 0) {
      open += 1;
      waiting.shift()?.();
    }
  };
  return async (question) => {
    asked += 1;
    await new Promise<void>((turn) => {
      waiting.push(turn);
      // When all that are asked together are counted. Node compiles more for queueMicrotask.
      Promise.resolve().then(admit);
    });
    let isInside = true;
    const leave = () => {
      if (isInside) open -= 1;
      isInside = false;
      admit();
    };
    const share = setTimeout(leave, (lastStart / Math.ceil(asked / size)) * 1000);
    try {
      return await question();
    } finally {
      clearTimeout(share);
      leave();
    }
  };
}
