import type { Readable } from 'node:stream';
import type { Report, Status } from './outcome.ts';
import type { Asker, Reply, Turn } from './reply.ts';

/** Where one asker stands. Its host opens and closes what is behind it. */
export interface Peer extends Asker {
  /** Sends the whole answer and ends our side. Resolves though the asker is gone. */
  readonly send: (text: string) => Promise<void>;
  /** True when what it sends and what it is sent share one socket. */
  readonly isSocket: boolean;
  /** For a host that may run out of room: takes what ends the hearing early, nothing once it is over. */
  readonly onHearing?: (end: (() => void) | undefined) => void;
}

/** On a socket an asker is heard out until it has sent nothing for so many seconds, */
const quiet = 0.25;
/** and for so many at most: bytes left unread turn the close into a reset that eats the answer. */
const patience = 2;

/**
 * Hears one asker, answers it, and lets it close. A refused request, and an asker that is gone before
 * it has asked, count as `unknown`.
 */
export async function converse(
  peer: Peer,
  reply: Reply,
  requestTimeout: number,
  ask: () => Promise<Report>,
): Promise<Status> {
  const turn = await hear(peer, reply, requestTimeout);
  if (peer.isSocket && peer.input().resume().destroyed) return 'unknown';
  if (turn.kind === 'refuse') {
    await answer(peer, turn.text);
    return 'unknown';
  }
  const report = await ask();
  await answer(peer, turn.say(report));
  return report.outcome.status;
}

async function hear(peer: Peer, reply: Reply, seconds: number): Promise<Turn> {
  const hearing = new AbortController();
  const end = () => hearing.abort();
  const deadline = setTimeout(end, seconds * 1000);
  peer.onHearing?.(end);
  try {
    return await reply.hear(peer, hearing.signal);
  } finally {
    clearTimeout(deadline);
    peer.onHearing?.(undefined);
  }
}

async function answer({ input, send, isSocket }: Peer, text: string): Promise<void> {
  await send(text);
  if (isSocket) await hearOut(input());
}

function hearOut(input: Readable): Promise<void> {
  if (input.readableEnded || input.destroyed) return Promise.resolve();
  return new Promise<void>((over) => {
    const silence = setTimeout(done, quiet * 1000);
    const limit = setTimeout(done, patience * 1000);
    input
      .on('data', () => silence.refresh())
      .once('end', done)
      .once('close', done);
    function done(): void {
      clearTimeout(silence);
      clearTimeout(limit);
      over();
    }
  });
}
