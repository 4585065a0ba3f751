import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { recordHistory } from '../../src/check/history.ts';
import { formatLog, logChanges } from '../../src/serve/log.ts';
import { reportOf } from '../support/reports.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function record(format: 'text' | 'json') {
  const lines: string[] = [];
  const log = formatLog(format, (line) => void lines.push(line));
  return { lines, watch: logChanges('dnsbl', recordHistory(), log), log };
}

describe('the log', () => {
  test('has a line for each change of a status, and how long the last one held', () => {
    const { lines, watch } = record('text');
    watch(reportOf('ok', 'lists 127.0.0.2'));
    watch(reportOf('ok'));
    vi.advanceTimersByTime(11_520_000);
    watch(reportOf('critical', 'no answer from 127.0.0.1:53'));
    expect(lines).toEqual([
      'dnsbl ok: lists 127.0.0.2',
      'dnsbl critical after 3h 12m ok: no answer from 127.0.0.1:53',
    ]);
  });

  test('has one JSON object a line', () => {
    const { lines, watch } = record('json');
    watch(reportOf('ok'));
    vi.advanceTimersByTime(60_000);
    watch(reportOf('warning', 'slow'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'status', check: 'dnsbl', status: 'ok' },
      { status: 'warning', previous: 'ok', heldSeconds: 60, reason: 'slow' },
    ]);
    expect(JSON.parse(lines[0] ?? '').time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('has at most ten lines a minute for one check, then a count and its last state', () => {
    const { lines, watch } = record('text');
    for (let count = 0; count < 52; count += 1) watch(reportOf(count % 2 ? 'critical' : 'ok'));
    expect(lines).toHaveLength(10);
    vi.advanceTimersByTime(60_000);
    expect(lines.at(-1)).toBe('dnsbl critical: and 42 more changes');
    watch(reportOf('ok'));
    expect(lines).toHaveLength(12);
  });

  test('keeps line breaks and control characters out of a line', () => {
    const { lines, log } = record('text');
    log({ event: 'status', message: 'a\nb\u2028c\x1b[31m' });
    expect(lines).toEqual(['a b c [31m']);
  });
});
