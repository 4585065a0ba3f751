/** A message behind its length in two bytes (RFC 7766 section 8). */
export function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Gathers the chunks of a stream, and passes each whole message on without its length. */
export function takeMessages(receive: (message: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let [length, needed] = [0, 2];
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < needed) return;
    let stream = Buffer.concat(chunks);
    for (;;) {
      needed = stream.length < 2 ? 2 : 2 + stream.readUInt16BE(0);
      if (stream.length < needed) break;
      receive(stream.subarray(2, needed));
      stream = stream.subarray(needed);
    }
    [chunks, length] = [[stream], stream.length];
  };
}
