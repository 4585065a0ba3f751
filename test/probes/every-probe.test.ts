import { describe, expect, test } from 'vitest';
import { probes } from '../../src/probes/index.ts';
import { aim } from '../support/aim.ts';
import { argsFor } from '../support/bad-targets.ts';
import { runFixture } from '../support/fixture.ts';
import { openTarget } from '../support/open-servers.ts';
import { statuses } from '../support/reports.ts';
import { targetKinds } from '../support/targets.ts';

/** What a loaded machine may add to a deadline. */
const slack = 1;

async function timed<T>(promise: Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await promise, (performance.now() - start) / 1000];
}

describe.each(probes)('$name', (declaration) => {
  test('is declared with a name, a plugin name, one line of description and examples', () => {
    expect(declaration.name).toMatch(/^[a-z]+$/);
    expect(declaration.plugin ?? 'check_none').toMatch(/^check_[a-z_]+$/);
    expect(declaration.description).toMatch(/^.{10,78}$/);
    expect(declaration.examples.length).toBeGreaterThan(0);
  });

  test.each(targetKinds)('has an outcome for a %s target, within its deadline', async (kind) => {
    const { probe } = aim(declaration, argsFor(declaration.name, await openTarget(kind)), 0.3);
    const [outcome, seconds] = await timed(probe(AbortSignal.timeout(300)));
    expect(statuses).toContain(outcome.status);
    expect(outcome.summary).not.toBe('');
    expect(seconds).toBeLessThan(0.3 + slack);
  });

  test('honours an abort before its deadline', async () => {
    const args = argsFor(declaration.name, await openTarget('silent'));
    const { probe } = aim(declaration, args, 60);
    const [outcome, seconds] = await timed(probe(AbortSignal.timeout(100)));
    expect(outcome.status).not.toBe('warning');
    expect(seconds).toBeLessThan(0.1 + slack);
  });

  test('honours an abort that came before it', async () => {
    const args = argsFor(declaration.name, await openTarget('silent'));
    const { probe } = aim(declaration, args, 60);
    const [outcome, seconds] = await timed(probe(AbortSignal.abort()));
    expect(outcome.status).not.toBe('ok');
    expect(seconds).toBeLessThan(slack);
  });

  test('can be run again, and by several at once', async () => {
    const args = argsFor(declaration.name, await openTarget('refusing'));
    const { probe } = aim(declaration, args, 5);
    const run = () => probe(AbortSignal.timeout(5000));
    const outcomes = await Promise.all([run(), run(), run()]);
    expect(new Set(outcomes.map(({ status }) => status)).size).toBe(1);
    expect((await run()).status).toBe(outcomes[0]?.status);
  });

  test('leaves no handle open, whatever the target', async () => {
    const targets = await Promise.all(targetKinds.map(openTarget));
    const args = targets.map((target) => argsFor(declaration.name, target));
    const ended = await runFixture('ends-by-itself', declaration.name, JSON.stringify(args));
    expect(ended).toMatchObject({ code: 0, signal: undefined, stderr: '' });
    expect(ended.stdout.trim().split('\n')).toHaveLength(targetKinds.length);
  });
});

test('names of probes and plugins are unique', () => {
  const names = probes.flatMap(({ name, plugin }) => [name, plugin ?? []].flat());
  expect(new Set(names).size).toBe(names.length);
});
