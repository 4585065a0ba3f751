import type { Trace } from '../../check/trace.ts';
import { endpoint } from '../host-names.ts';
import type { DnsServer } from './exchange.ts';
import type { Answer, DnsReply, Question } from './message.ts';
import { outcomeWithout } from './no-reply.ts';
import type { DnsRecord } from './record.ts';

/** A way to ask that tells a trace of each question and of what became of it. */
export function tracedAsk(
  ask: (question: Question) => Promise<Answer>,
  { address, port }: DnsServer,
  trace: Trace,
): (question: Question) => Promise<Answer> {
  return async (question) => {
    const asked = `${question.name} ${question.type}`;
    trace(1, () => `asked ${asked}`);
    const answer = await ask(question);
    if (answer.kind !== 'reply') {
      trace(1, () => `${asked}: ${outcomeWithout(answer, endpoint(address, port)).summary}`);
      return answer;
    }
    trace(1, () => `${asked}: ${headerOf(answer)}${recordsIn('answer', answer.answers)}`);
    for (const section of ['authorities', 'additionals'] as const) {
      if (answer[section].length > 0) {
        trace(2, () => `${asked}:${recordsIn(section, answer[section])}`);
      }
    }
    return answer;
  };
}

function headerOf({ rcode, isAuthoritative }: DnsReply): string {
  return isAuthoritative ? `${rcode}, authoritative` : rcode;
}

/** A line has no room for more. */
const maxRecords = 8;

function recordsIn(section: string, records: readonly DnsRecord[]): string {
  if (records.length === 0) return `, no ${section}`;
  const shown = records.slice(0, maxRecords).map(inWords).join(', ');
  const rest = records.length - maxRecords;
  return `; ${section}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** As zone files have it. */
function inWords({ name, type, timeToLive, fields }: DnsRecord): string {
  return `${name} ${timeToLive} ${type} ${fields.join(' ')}`;
}
