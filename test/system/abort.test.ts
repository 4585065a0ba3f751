import { expect, test } from 'vitest';
import { openAbort } from '../../src/system/abort.ts';

/** What both are used for, in the words of either. */
test.each([
  ['AbortController', () => new AbortController()],
  ['openAbort', openAbort],
])(
  '%s tells each listener once, and none that has been taken away or comes too late',
  (_name, open) => {
    const calls: string[] = [];
    const over = open();
    const [first, second, third] = ['first', 'second', 'third'].map(
      (name) => () => calls.push(name),
    );
    if (!first || !second || !third) throw new Error('three listeners');
    over.signal.addEventListener('abort', first, { once: true });
    over.signal.addEventListener('abort', first, { once: true });
    over.signal.addEventListener('abort', second);
    over.signal.removeEventListener('abort', second);
    over.signal.addEventListener('abort', () => over.signal.removeEventListener('abort', third));
    over.signal.addEventListener('abort', third);
    expect(over.signal.aborted).toBe(false);
    over.abort();
    over.abort();
    over.signal.addEventListener('abort', third);
    expect(over.signal.aborted).toBe(true);
    expect(calls).toEqual(['first']);
  },
);
