import { describe, expect, test, vi } from 'vitest';
import type { Probe } from '../../src/check/probe.ts';
import { type Check, run } from '../../src/check/run.ts';
import { bounded, collectSteps } from '../../src/check/trace.ts';

describe('steps', () => {
  test('are kept up to the level that was asked for, with their times', () => {
    const { trace, lines } = collectSteps(2);
    for (const level of [1, 2, 3] as const) trace(level, () => `level ${level}`);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^\d+\.\d ms: level [12]$/);
  });

  test('are not made into text when nobody wants them', () => {
    const step = vi.fn(() => '');
    collectSteps(1).trace(2, step);
    expect(step).not.toHaveBeenCalled();
  });

  test('are kept within bounds, however many there are', () => {
    const { trace, lines } = collectSteps(1);
    for (let count = 0; count < 1000; count += 1) trace(1, () => String(count));
    expect(lines.length).toBeLessThan(50);
    expect(bounded(lines)).toHaveLength(40);
    expect(bounded(lines).at(-1)).toBe('...');
    expect(bounded(['a', 'b'])).toEqual(['a', 'b']);
  });
});

describe('a report', () => {
  const probe: Probe = async (_signal, trace) => {
    trace?.(1, () => 'asked\u001b[2J k.example\r\nfor its \u2028 entry');
    trace?.(3, () => 'raw');
    return { status: 'ok', summary: 'lists', details: ['long\ttext of k.example'] };
  };
  const check: Check = { name: 'rbl', target: '', timeout: 5, probe };

  test('has no lines, and its probe no trace, unless they are asked for', async () => {
    const spy = vi.fn(probe);
    const { lines } = await run({ ...check, probe: spy, verbosity: 0 });
    expect(lines).toBeUndefined();
    expect(spy.mock.calls[0]?.[1]).toBeUndefined();
  });

  test('has what a plugin printed, then the steps, each cleaned', async () => {
    const { lines } = await run({ ...check, verbosity: 1 });
    expect(lines).toEqual([
      'long text of k.example',
      expect.stringMatching(/^\d+\.\d ms: asked \[2J k\.example for its {3}entry$/),
    ]);
  });

  test('hides names in them behind a label', async () => {
    const { lines } = await run({ ...check, verbosity: 3, label: 'paid', names: ['k.example'] });
    // Raw messages, the third level, cannot be searched for names.
    expect(lines).toHaveLength(2);
    expect(lines?.join('\n')).not.toContain('k.example');
    expect(lines?.[0]).toBe('long text of paid');
  });
});
