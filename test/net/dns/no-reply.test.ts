import { expect, test } from 'vitest';
import type { Answer } from '../../../src/net/dns/index.ts';
import { outcomeWithout } from '../../../src/net/dns/no-reply.ts';

const server = '192.0.2.1:53';

type NoReply = Exclude<Answer, { kind: 'reply' }>;

const failed = (
  kind: 'no-room' | 'no-permission' | 'unreachable',
  code: string,
  transport: 'UDP' | 'TCP' = 'UDP',
): NoReply => ({ kind: 'failed', transport, failure: { kind, code } });

test.each<[NoReply, 'critical' | 'unknown', string]>([
  [{ kind: 'silence', ignored: 0 }, 'critical', 'no answer from 192.0.2.1:53'],
  [
    { kind: 'silence', ignored: 1 },
    'critical',
    'no answer from 192.0.2.1:53 (ignored 1 message that was no answer to the question)',
  ],
  [
    { kind: 'silence', ignored: 2 },
    'critical',
    'no answer from 192.0.2.1:53 (ignored 2 messages that were no answer to the question)',
  ],
  [
    failed('unreachable', 'ECONNREFUSED'),
    'critical',
    'nothing listens on 192.0.2.1:53 (port unreachable)',
  ],
  [
    failed('unreachable', 'ECONNREFUSED', 'TCP'),
    'critical',
    'nothing listens on 192.0.2.1:53 for TCP (connection refused)',
  ],
  [failed('unreachable', 'EAFNOSUPPORT'), 'critical', '192.0.2.1:53 is unreachable (EAFNOSUPPORT)'],
  [failed('no-room', 'EMFILE'), 'unknown', 'there was no room to ask 192.0.2.1:53 (EMFILE)'],
  [
    failed('no-permission', 'EPERM', 'TCP'),
    'unknown',
    'there was no permission to ask 192.0.2.1:53 (EPERM)',
  ],
  [{ kind: 'closed' }, 'critical', '192.0.2.1:53 closed the TCP connection without an answer'],
  [{ kind: 'malformed' }, 'critical', 'malformed message from 192.0.2.1:53'],
])('a missing reply has its own summary: %j', (answer, status, summary) => {
  expect(outcomeWithout(answer, server)).toEqual({ status, summary });
});
