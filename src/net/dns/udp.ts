import { createSocket } from 'node:dgram';
import {
  type Answer,
  answerOfError,
  encodeQuery,
  idOf,
  type Question,
  readMessage,
  type Truncated,
} from './message.ts';

/** What UDP alone can say of a question; `truncated` asks for TCP (RFC 1035 section 4.2.1). */
export type UdpAnswer = Answer | Truncated;

/** One UDP socket, connected to one server, from a port that the system chose at random. */
export interface UdpExchange {
  /** Asks now, and once more after `resendAfter` seconds of silence. Never rejects. */
  ask(question: Question, resendAfter: number): Promise<UdpAnswer>;
  close(): void;
}

interface OpenQuestion {
  readonly question: Question;
  readonly settle: (answer: UdpAnswer) => void;
}

/** Opens an exchange with the server at a literal address; at the abort open questions end as silence. */
export function openUdp(address: string, port: number, signal: AbortSignal): UdpExchange {
  const open = new Map<number, OpenQuestion>();
  const answered = new Set<number>();
  let ignored = 0;
  const settleAll = (answer: UdpAnswer) => {
    for (const { settle } of open.values()) settle(answer);
  };
  const fail = (error: NodeJS.ErrnoException | null | undefined) => {
    if (error) settleAll(answerOfError(error, 'UDP'));
  };
  const silence = () => settleAll({ kind: 'silence', ignored });

  const socket = connect(address, port);
  socket.on('error', fail);
  socket.on('message', (message) => {
    const id = idOf(message);
    // The answer to a query that was sent twice may come twice.
    if (answered.has(id)) return;
    const asked = open.get(id);
    const reading = asked ? readMessage(message, asked.question) : { kind: 'stranger' as const };
    if (asked && reading.kind !== 'stranger') asked.settle(reading);
    else ignored += 1;
  });
  const connected = new Promise<void>((done) => socket.once('connect', done));
  signal.addEventListener('abort', silence, { once: true });

  return {
    ask(question, resendAfter) {
      const id = freshId(open, answered);
      const query = encodeQuery(id, question);
      return new Promise((resolve) => {
        const send = () => socket.send(query, fail);
        const resend = setTimeout(send, resendAfter * 1000);
        const settle = (answer: UdpAnswer) => {
          clearTimeout(resend);
          open.delete(id);
          answered.add(id);
          resolve(answer);
        };
        open.set(id, { question, settle });
        if (signal.aborted) silence();
        connected.then(() => open.has(id) && send());
      });
    },
    close() {
      signal.removeEventListener('abort', silence);
      socket.close();
    },
  };
}

function connect(address: string, port: number) {
  const family = address.includes(':') ? 6 : 4;
  const socket = createSocket({
    type: `udp${family}`,
    // An address needs no look-up, and the default look-up loads node:dns.
    lookup: (literal, _options, done) => done(null, literal, family),
  });
  // Without a callback a failed connect is an 'error' event, as every other failure is.
  socket.connect(port, address);
  return socket;
}

/**
 * A message id that was not used yet (RFC 5452 section 9.2). Math.random, seeded by the system
 * at each start, serves a handful of ids; loading node:crypto would cost more than the question.
 */
function freshId(...used: readonly { has(id: number): boolean }[]): number {
  for (;;) {
    const id = Math.floor(Math.random() * 65536);
    if (!used.some((ids) => ids.has(id))) return id;
  }
}
