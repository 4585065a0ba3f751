import { connect, type Socket } from 'node:net';
import type { AbortSignalLike } from '../../system/abort.ts';
import { classifySocketError } from '../../system/shortage.ts';
import type { AttemptRecord } from './attempt.ts';

/** Resolves when `start` calls `done`, or at the deadline, which it records. */
export async function settled(
  record: AttemptRecord,
  signal: AbortSignalLike,
  start: (done: () => void) => void,
): Promise<void> {
  let late = () => {};
  await new Promise<void>((resolve) => {
    late = () => {
      record.add({ isLate: true });
      resolve();
    };
    signal.addEventListener('abort', late, { once: true });
    if (signal.aborted) late();
    start(resolve);
  });
  signal.removeEventListener('abort', late);
}

/** Connects to one literal address. Records the result, and later how the connection ends. */
export async function connectTcp(
  { address, port }: { readonly address: string; readonly port: number },
  record: AttemptRecord,
  signal: AbortSignalLike,
): Promise<Socket> {
  const clock = stopwatch();
  const socket = connect({ host: address, port });
  let failure: NodeJS.ErrnoException | undefined;
  await settled(record, signal, (done) => {
    socket.on('connect', () => {
      record.add({ connectSeconds: clock() });
      done();
    });
    socket.on('error', (error) => {
      const { connectSeconds, ended = 'reset' } = record.attempt();
      // Only a connection can be reset, even if the reset comes at the same moment.
      const isConnected = connectSeconds !== undefined || isBroken(error);
      if (isConnected) record.add({ connectSeconds: connectSeconds ?? clock(), ended });
      else failure = error;
      done();
    });
    socket.on('end', () => record.add({ ended: 'closed' }));
    socket.on('close', done);
  });
  if (failure) record.add({ unreachable: await classifySocketError(failure, address) });
  return socket;
}

/** True when the connection broke, and nothing else is wrong. */
export function isBroken({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** Tells the seconds since it was made. */
export function stopwatch(): () => number {
  const start = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - start) / 1e9;
}
