import { afterAll } from 'vitest';

/** Registers what must be undone when the test, or the file of tests, is over. */
export type CleanUp = (undo: () => void | Promise<void>) => void;

/**
 * For what a whole file of tests shares; call it at its top level, since vitest ignores an afterAll that
 * is first called in a hook. What was started last is ended first.
 */
export function afterThisFile(): CleanUp {
  const steps: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    for (const undo of steps.reverse()) await undo();
  });
  return (undo) => steps.push(undo);
}
