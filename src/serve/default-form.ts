import type { ReplyForm } from '../replies/index.ts';
import { afterReading } from '../system/event-loop.ts';
import type { StdinKind } from '../system/standard-streams.ts';
import type { Connection } from './session.ts';

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

/**
 * The form for a client on a pipe or a file, and its connection, which still gives the bytes that were
 * read to decide.
 */
export async function formByInput(
  connection: Connection,
): Promise<{ readonly form: ReplyForm; readonly connection: Connection }> {
  const bytes = await firstBytes(connection);
  if (bytes.length === 0) return { form: 'plugin', connection };
  const input = () => connection.input().resume();
  return { form: 'http', connection: { ...connection, arrived: () => bytes, input } };
}

/** Waits for the first bytes; empty when the input ends, fails or stays silent instead. */
function firstBytes({ arrived, input }: Connection): Promise<Buffer> {
  const early = arrived();
  if (early.length > 0) return Promise.resolve(early);
  return new Promise((resolve) => {
    const stream = input();
    const settle = (bytes: Buffer) => {
      clearTimeout(silence);
      stream.off('data', take).off('end', end).off('error', end).off('close', end);
      resolve(bytes);
    };
    const take = (bytes: Buffer) => {
      stream.pause();
      settle(bytes);
    };
    const end = () => settle(Buffer.alloc(0));
    const silence = setTimeout(afterReading, silenceSeconds * 1000, end);
    stream.on('data', take).on('end', end).on('error', end).on('close', end);
  });
}
