import { critical, type Outcome, unknown } from '../../check/outcome.ts';
import { whyUnasked } from '../../system/shortage.ts';
import type { Answer, DnsReply } from './message.ts';

type NoReply = Exclude<Answer, DnsReply>;

/** The outcome of a question that no reply came to. `server` is an endpoint. */
export function outcomeWithout(answer: NoReply, server: string): Outcome {
  if (answer.kind !== 'failed') return critical(reasonOf(answer, server));
  const { transport, failure } = answer;
  if (failure.kind !== 'unreachable') return unknown(whyUnasked(failure, server));
  if (failure.code !== 'ECONNREFUSED') {
    return critical(`${server} is unreachable (${failure.code})`);
  }
  return critical(
    transport === 'UDP'
      ? `nothing listens on ${server} (port unreachable)`
      : `nothing listens on ${server} for TCP (connection refused)`,
  );
}

function reasonOf(answer: Exclude<NoReply, { kind: 'failed' }>, server: string): string {
  switch (answer.kind) {
    case 'silence':
      return `no answer from ${server}${ignoredMessages(answer.ignored)}`;
    case 'closed':
      return `${server} closed the TCP connection without an answer`;
    case 'malformed':
      return `malformed message from ${server}`;
  }
}

function ignoredMessages(count: number): string {
  if (count === 0) return '';
  return ` (ignored ${count} ${count === 1 ? 'message that was' : 'messages that were'} no answer to the question)`;
}
