import type { Input } from '../../system/sockets/inbox.ts';
import type { OnLate } from '../reply.ts';

/** How long a client may take to send the name, in seconds. HAProxy sends it at once. */
const nameSeconds = 0.25;

/** The longest line; no name is longer than 64 characters. */
const maxBytes = 256;

/**
 * Reads the line that HAProxy sends first (`agent-send`, configuration manual, section 5.2). Resolves to
 * the line without its line end; empty if none came in time, or before the client closed.
 */
export function readAgentName(input: Input, onLate: OnLate): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const finish = () => {
      clearTimeout(timer);
      input.receive(undefined);
      resolve(/^[^\r\n]*/.exec(text)?.[0].trim() ?? '');
    };
    const timer = setTimeout(finish, nameSeconds * 1000);
    onLate(finish);
    input.receive({
      onBytes(bytes) {
        text = (text + bytes.toString('latin1')).slice(0, maxBytes);
        if (text.includes('\n') || text.length === maxBytes) finish();
      },
      onEnd: finish,
    });
  });
}
