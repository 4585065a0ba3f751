import type { AbortSignalLike } from '../../system/abort.ts';
import { classifySocketError } from '../../system/shortage.ts';
import { openUdpSocket, type UdpSocket } from '../../system/sockets/udp.ts';
import type { DnsServer, Exchange, OpenQuestion } from './exchange.ts';
import { type Answer, encodeQuery, freshId, idOf, readMessage, type Truncated } from './message.ts';
import type { Pace } from './pace.ts';

/** What UDP alone can say of a question; `truncated` asks for TCP (RFC 1035 section 4.2.1). */
type UdpAnswer = Answer | Truncated;

/** How a question is sent once more. */
export interface UdpOptions {
  /** After so many seconds of silence. */
  readonly resendAfter: number;
  readonly pace: Pace;
}

/**
 * Opens one UDP socket, connected to the server, from a port that the system chose at random. A
 * question is sent once more after silence. At the abort open questions end as silence.
 */
export function openUdp(
  server: DnsServer,
  { resendAfter, pace }: UdpOptions,
  signal: AbortSignalLike,
): Exchange<UdpAnswer> {
  const open = new Map<number, OpenQuestion<UdpAnswer>>();
  const answered = new Set<number>();
  let ignored = 0;
  // Set when the socket cannot be used: what is asked later would wait in vain.
  let broken: Answer | undefined;

  const settleAll = (answer: Answer) => {
    for (const { settle } of open.values()) settle(answer);
  };
  const fail = async (error: NodeJS.ErrnoException) => {
    const failure = await classifySocketError(error, server.address);
    const answer = { kind: 'failed', transport: 'UDP', failure } as const;
    if (!socket) broken = answer;
    settleAll(answer);
  };
  const silence = () => settleAll({ kind: 'silence', ignored });
  signal.addEventListener('abort', silence, { once: true });

  let socket: UdpSocket | undefined;
  const onMessage = (message: Buffer) => {
    server.trace?.(3, () => `received ${message.toString('hex')}`);
    const id = idOf(message);
    // The answer to a query that was sent twice may come twice.
    if (answered.has(id)) return;
    const asked = open.get(id);
    const reading = asked ? readMessage(message, asked.question) : { kind: 'stranger' as const };
    if (asked && reading.kind !== 'stranger') asked.settle(reading);
    else ignored += 1;
  };
  const opening = openUdpSocket(server.address, server.port, { onMessage, onError: fail }).then(
    (opened) => {
      socket = opened;
    },
    fail,
  );

  return {
    ask(question) {
      if (broken) return Promise.resolve(broken);
      if (signal.aborted) return Promise.resolve({ kind: 'silence', ignored });
      const id = freshId(open, answered);
      const query = encodeQuery(id, question, server.isRecursive);
      return new Promise((resolve) => {
        const send = () => {
          server.trace?.(3, () => `sends ${query.toString('hex')}`);
          socket?.send(query);
        };
        const resend = setTimeout(async () => {
          await pace();
          if (!socket || !open.has(id)) return;
          server.trace?.(1, () => `asks ${question.name} ${question.type} once more`);
          send();
        }, resendAfter * 1000);
        const settle = (answer: UdpAnswer) => {
          clearTimeout(resend);
          open.delete(id);
          answered.add(id);
          resolve(answer);
        };
        open.set(id, { question, settle });
        opening.then(() => open.has(id) && send());
      });
    },
    close() {
      signal.removeEventListener('abort', silence);
      opening.then(() => socket?.close());
    },
  };
}
