import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/check/outcome.ts';
import { run } from '../../src/check/run.ts';
import { type ReplyForm, replies, replyForms } from '../../src/replies/index.ts';
import { reportOf, statuses } from '../support/reports.ts';
import { clientOn, lateAfter } from '../support/requests.ts';

/** The shape of a whole answer, by its form; a new reply must add its own here. */
const shapes = {
  http: /^HTTP\/1\.1 [2345]\d\d [A-Za-z ]+\r\n([A-Za-z-]+: [ -~]+\r\n)+\r\n[^\r]*\n$/,
  haproxy: /^(up ready|down #[^\n\r]*|drain)\n$/,
  json: /^\{"status":"(pass|warn|fail)",[^\n\r]*\}\n$/,
  prometheus:
    /^(# (HELP|TYPE) [a-z_]+ .+\n|[a-z_]+(\{([a-z]+="([^"\\\n]|\\[\\"n])*",?)+\})? [-+.\de]+\n)+$/,
  plugin: /^[A-Z]+ (OK|WARNING|CRITICAL|UNKNOWN) - [^\n\r|]*( \| [^\n\r|]+)?\n$/,
} satisfies Record<ReplyForm, RegExp>;

/** What a client gets that sends all that any form may read. */
async function render(form: ReplyForm, report: Report): Promise<string> {
  const input = new PassThrough();
  input.end('GET / HTTP/1.1\r\nHost: list.example\r\n\r\n');
  const request = await replies[form].readRequest(clientOn(input), lateAfter(10));
  return request.kind === 'accepted'
    ? request.render(report)
    : expect.unreachable('it was refused');
}

describe.each(replyForms)('%s', (form) => {
  const { exitCodes } = replies[form];

  test('has an exit code for every status, 0 for ok and another for what failed', () => {
    expect(Object.keys(exitCodes).sort()).toEqual([...statuses].sort());
    expect(exitCodes.ok).toBe(0);
    expect(exitCodes.critical).not.toBe(0);
    expect(exitCodes.unknown).not.toBe(0);
    for (const code of Object.values(exitCodes)) expect([0, 1, 2, 3]).toContain(code);
  });

  test.each(statuses)('renders %s in its own form', async (status) => {
    expect(await render(form, reportOf(status))).toMatch(shapes[form]);
  });

  test('renders ok and critical differently', async () => {
    const withoutDate = (text: string) => text.replace(/^Date: .*$/m, '');
    const ok = await render(form, reportOf('ok'));
    const critical = await render(form, reportOf('critical'));
    expect(withoutDate(ok)).not.toBe(withoutDate(critical));
  });

  test.each(['', ' ', '| bar | bar', '%s %d', 'bücher 😀', 'HTTP/1.1 200 OK', '\'quoted\' "text"'])(
    'keeps its form whatever the summary: %j',
    async (summary) => {
      for (const status of statuses) {
        expect(await render(form, reportOf(status, summary))).toMatch(shapes[form]);
      }
    },
  );

  test('keeps its form whatever the summary of a probe', async () => {
    const anything = fc.string({ unit: 'binary', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(...statuses), async (summary, status) => {
        const probe = async () => ({ status, summary });
        const report = await run({ name: 'rbl', target: '', timeout: 5, probe });
        const text = await render(form, report);
        expect(text).toMatch(shapes[form]);
        expect(text.replaceAll('\r\n', '\n')).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      // Shrinking would keep the event loop from ever coming to the test's own timeout.
      { numRuns: 60, endOnFailure: true },
    );
  });

  test('never rejects for a client that breaks off', async () => {
    const input = new PassThrough();
    input.on('error', () => {});
    const result = replies[form].readRequest(clientOn(input), lateAfter(10));
    input.write('GET / HT');
    input.destroy(new Error('reset'));
    expect(['accepted', 'refused']).toContain((await result).kind);
  });
});
