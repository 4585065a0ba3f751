import type { Client } from '../reply.ts';

/** How long a client may take to send the name, in seconds. HAProxy sends it at once. */
const nameSeconds = 0.25;

/** The longest line; no name is longer than 64 characters. */
const maxBytes = 256;

/**
 * Reads the line that HAProxy sends first (`agent-send`, configuration manual, section 5.2). Resolves to
 * the line without its line end; empty if none came in time, or before the client closed.
 */
export function readAgentName(client: Client, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let text = client.arrived().toString('latin1');
    const input = client.input();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      input.off('data', take).off('end', finish).off('error', finish).off('close', finish);
      resolve(/^[^\r\n]*/.exec(text)?.[0].trim() ?? '');
    };
    const take = (bytes: Buffer) => {
      text = (text + bytes.toString('latin1')).slice(0, maxBytes);
      if (isComplete()) finish();
    };
    const isComplete = () => text.includes('\n') || text.length === maxBytes;
    const timer = setTimeout(finish, nameSeconds * 1000);
    signal.addEventListener('abort', finish, { once: true });
    input.on('data', take).on('end', finish).on('error', finish).on('close', finish);
    if (isComplete()) finish();
  });
}
