import type { ReplyForm } from '../replies/index.ts';
import { afterReading } from '../system/event-loop.ts';
import type { Input } from '../system/sockets/inbox.ts';
import type { StdinKind } from '../system/standard-streams.ts';

/** After so many seconds of silence, a pipe is not an HTTP client: ssh -T, Ansible, CI. */
const silenceSeconds = 1;

/**
 * The form of the answer without `--reply`, by the kind of client. Undefined when the first bytes from
 * stdin must decide: see `formByInput`.
 */
export function defaultForm(isPlugin: boolean, isResident: boolean, stdin: StdinKind) {
  if (isPlugin) return 'plugin' satisfies ReplyForm;
  if (isResident) return 'http' satisfies ReplyForm;
  return formsByStdin[stdin];
}

const formsByStdin = {
  terminal: 'plugin',
  null: 'plugin',
  listening: 'http',
  socket: 'http',
  pipe: undefined,
  file: undefined,
} satisfies Record<StdinKind, ReplyForm | undefined>;

/** The form for a client on a pipe or a file, by whether it sends anything. */
export async function formByInput(input: Input): Promise<ReplyForm> {
  return (await sendsSomething(input)) ? 'http' : 'plugin';
}

/** Waits for the first bytes; false when the input ends, fails or stays silent instead. */
function sendsSomething(input: Input): Promise<boolean> {
  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (doesSend: boolean) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(silence);
      input.receive(undefined);
      resolve(doesSend);
    };
    const nothing = () => settle(false);
    const silence = setTimeout(afterReading, silenceSeconds * 1000, nothing);
    input.receive({
      onBytes(bytes) {
        settle(true);
        input.putBack(bytes);
      },
      onEnd: nothing,
    });
  });
}
