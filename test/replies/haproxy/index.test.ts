import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/check/outcome.ts';
import { run } from '../../../src/check/run.ts';
import { haproxy } from '../../../src/replies/haproxy/index.ts';
import { lateAfter, unread } from '../../support/requests.ts';

/** The answer of the agent to an outcome, without reading anything. */
async function render(outcome: Outcome): Promise<string> {
  const request = await haproxy.readRequest(unread, lateAfter(0));
  const report = await run({ name: 'rbl', target: '', timeout: 5, probe: async () => outcome });
  return request.kind === 'accepted'
    ? request.render(report)
    : expect.unreachable('it was refused');
}

describe('an HAProxy agent', () => {
  test.each([
    ['ok', 'up ready\n'],
    ['warning', 'up ready\n'],
    ['critical', 'down #no answer\n'],
    ['unknown', 'down #no answer\n'],
  ] as const)('renders %s in one line, at once', async (status, line) => {
    expect(await render({ status, summary: 'no answer' })).toBe(line);
  });

  test('is drain instead of down while the target shall get no new work', async () => {
    const drained = { status: 'critical', summary: 'drained', isDraining: true } as const;
    expect(await render(drained)).toBe('drain\n');
  });

  test.each([
    ['line breaks', 'one\r\ntwo\nthree', 'down #one two three\n'],
    ['a number sign', '#1 of #2', 'down ##1 of #2\n'],
    ['nothing', '', 'down #\n'],
    ['words of the protocol', 'up ready 100%', 'down #up ready 100%\n'],
  ])('keeps to its line when the summary has %s', async (_what, summary, line) => {
    expect(await render({ status: 'critical', summary })).toBe(line);
  });

  test('is no longer than HAProxy reads: 16 KiB', async () => {
    const line = await render({ status: 'critical', summary: '😀'.repeat(10_000) });
    expect(Buffer.byteLength(line)).toBeLessThan(16_384);
    expect(line).toMatch(/^down #.+\n$/);
  });
});
