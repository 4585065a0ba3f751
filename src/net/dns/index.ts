import type { Answer, Question } from './message.ts';
import { openUdp } from './udp.ts';

export type { Answer, DnsReply, Question } from './message.ts';

/** Whom to ask, and how. */
export interface DnsServer {
  /** A literal address. */
  readonly address: string;
  readonly port: number;
  /** TCP at once, instead of UDP and TCP after a truncated answer. */
  readonly tcp: boolean;
}

/** Asks one question. Never rejects. */
export type Ask = (question: Question) => Promise<Answer>;

/**
 * Lends `use` a way to ask one server, all its UDP questions on one socket. A question is sent
 * once, and once more only after `resendAfter` seconds of silence; any answer is final.
 */
export async function withServer<T>(
  server: DnsServer,
  resendAfter: number,
  signal: AbortSignal,
  use: (ask: Ask) => Promise<T>,
): Promise<T> {
  const { address, port } = server;
  const overTcp: Ask = async (question) => {
    // Late, since it loads node:net.
    const { askTcp } = await import('./tcp.ts');
    return askTcp(address, port, question, signal);
  };
  if (server.tcp) return use(overTcp);

  const udp = openUdp(address, port, signal);
  try {
    return await use(async (question) => {
      const answer = await udp.ask(question, resendAfter);
      return answer.kind === 'truncated' ? overTcp(question) : answer;
    });
  } finally {
    udp.close();
  }
}
