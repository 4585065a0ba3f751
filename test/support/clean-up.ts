import { afterAll } from 'vitest';

/** Takes what is to be undone when the test or file that asked for something is over. */
export type CleanUp = (undo: () => void | Promise<void>) => void;

/**
 * For what a whole file of tests shares; call it at its top level, since vitest ignores
 * an afterAll that is first called in a hook. The last comes down first.
 */
export function afterThisFile(): CleanUp {
  const steps: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    for (const undo of steps.reverse()) await undo();
  });
  return (undo) => steps.push(undo);
}
