import type { AbortSignalLike } from '../../system/abort.ts';
import { askFollowing, type Followed } from './alias.ts';
import type { DnsServer, Exchange } from './exchange.ts';
import type { Answer, Question } from './message.ts';
import { openPace } from './pace.ts';
import { openUdp } from './udp.ts';
import { openWindow } from './window.ts';

export type { Followed } from './alias.ts';
export type { DnsServer } from './exchange.ts';
export type { Answer, DnsReply, Question } from './message.ts';

/** How the questions of one check are asked. */
export interface AskOptions extends DnsServer {
  /** TCP at once, instead of UDP and TCP after a truncated answer. */
  readonly isTcp: boolean;
  /** Over UDP a question is sent once more after so many seconds of silence; any answer is final. */
  readonly resendAfter: number;
  /** How many questions a second may go out; undefined for as many as the window allows. */
  readonly maxRate?: number | undefined;
}

/** Asks one question, and follows the aliases of its answer. Never rejects. */
export type Ask = (question: Question) => Promise<Followed>;

/** Kernels keep some 200 small datagrams for a socket that is not read yet. */
const maxOpenQuestions = 32;

/** Lends `use` a way to ask one server, on one UDP socket and one TCP connection at most. */
export async function withServer<T>(
  options: AskOptions,
  signal: AbortSignalLike,
  use: (ask: Ask) => Promise<T>,
): Promise<T> {
  const { isTcp, resendAfter, maxRate, trace } = options;
  const pace = openPace(maxRate, signal);
  // Early enough for the last question to be sent once more.
  const turn = openWindow({ size: maxOpenQuestions, lastStart: resendAfter / 2 });
  let tcp: Promise<Exchange<Answer>> | undefined;
  const askTcp = async (question: Question): Promise<Answer> => {
    // Late, since it loads node:net.
    tcp ??= import('./tcp.ts').then(({ openTcp }) => openTcp(options, signal));
    return (await tcp).ask(question);
  };
  const udp = isTcp ? undefined : openUdp(options, { resendAfter, pace }, signal);
  const askOnce = async (question: Question): Promise<Answer> => {
    const answer = udp ? await udp.ask(question) : ({ kind: 'truncated' } as const);
    if (answer.kind !== 'truncated') return answer;
    trace?.(1, () => `asks ${question.name} ${question.type} over TCP`);
    return askTcp(question);
  };
  const askAndTell = trace
    ? (await import('./steps.ts')).tracedAsk(askOnce, options, trace)
    : askOnce;
  try {
    const askInTurn = (question: Question) =>
      turn(async () => {
        await pace();
        return askAndTell(question);
      });
    return await use((question) => askFollowing(askInTurn, question));
  } finally {
    udp?.close();
    (await tcp)?.close();
  }
}
