/** The types of TLS records (RFC 8446 section 5.1). */
export const recordType = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

/** What is called for each record. A server may send many small ones, so `begin` must be cheap. */
export interface RecordListener {
  /** A record has begun; `length` is that of its body. Returns whether the body is of interest. */
  readonly begin: (type: number, length: number) => boolean;
  /** The next part of a body of interest. */
  readonly body?: (part: Buffer) => void;
  /** A body of interest is complete. */
  readonly end?: () => void;
}

const headerLength = 5;

/** Finds the records in a stream of bytes. Returns the function that takes its chunks, of any size. */
export function recordFollower(listener: RecordListener): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerLength);
  let known = 0;
  let missing = 0;
  let isOfInterest = false;
  return (chunk) => {
    let next = 0;
    while (next < chunk.length) {
      if (known < headerLength) {
        header[known++] = chunk[next++] ?? 0;
        if (known < headerLength) continue;
        missing = header.readUInt16BE(3);
        isOfInterest = listener.begin(header[0] ?? 0, missing);
      } else {
        const end = Math.min(next + missing, chunk.length);
        if (isOfInterest) listener.body?.(chunk.subarray(next, end));
        missing -= end - next;
        next = end;
      }
      if (missing > 0) continue;
      if (isOfInterest) listener.end?.();
      known = 0;
    }
  };
}
