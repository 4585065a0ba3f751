import { unknown } from '../check/outcome.ts';
import type { Rejection, RejectionCode } from '../replies/reply.ts';

/** The answer when no check was run. The reason is one sentence. */
export function rejection(code: RejectionCode, reason: string): Rejection {
  const time = { name: 'time', value: 0, unit: 's', help: 'Time that the check took' } as const;
  return {
    kind: 'rejected',
    code,
    report: {
      probe: 'checks',
      target: '',
      startedAt: new Date(),
      time,
      outcome: unknown(reason.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')),
    },
  };
}
