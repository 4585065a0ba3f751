import { describe, expect, test, vi } from 'vitest';
import type { Report } from '../../src/check/outcome.ts';
import type { Answer } from '../../src/replies/reply.ts';
import { answerFromMany } from '../../src/serve/many.ts';
import { reportOf } from '../support/reports.ts';

const named = (name: string, report: Report) => ({ ...report, name });

function serve() {
  const dnsbl = vi.fn(async (_limit?: number) => named('dnsbl', reportOf('ok')));
  const license = vi.fn(async () => named('license', reportOf('critical', 'no answer')));
  const web = vi.fn(
    async (target: string): Promise<Answer> => ({
      kind: 'report',
      report: named('web', reportOf('ok', target)),
    }),
  );
  const served = {
    checks: new Map([
      ['dnsbl', dnsbl],
      ['license', license],
    ]),
    targeted: new Map([['web', web]]),
  };
  return { dnsbl, license, web, ask: (path: string) => answerFromMany(served, { path }), served };
}

describe('the path of a request', () => {
  test.each(['/', '', '*', '/metrics', '/metrics/', '/?x=1', 'http://lb.example/'])(
    '%j asks all checks',
    async (path) => {
      const { ask, dnsbl, license } = serve();
      const answer = await ask(path);
      expect(answer).toMatchObject({ kind: 'report', report: { outcome: { status: 'critical' } } });
      expect([dnsbl, license].map((check) => check.mock.calls.length)).toEqual([1, 1]);
    },
  );

  test.each(['/dnsbl', '/dnsbl/', '/dnsbl?format=json', '/%64nsbl', 'http://lb.example/dnsbl'])(
    '%j asks one check',
    async (path) => {
      const { ask, license } = serve();
      const answer = await ask(path);
      expect(answer).toMatchObject({ kind: 'report', report: { name: 'dnsbl' } });
      expect(license).not.toHaveBeenCalled();
    },
  );

  test.each([
    ['/nothing', 404],
    ['/dnsbl/more', 404],
    ['/dnsbl%2fmore', 404],
    ['//dnsbl', 404],
    ['/..%2fdnsbl', 404],
    ['/DNSBL', 404],
    ['/%ff', 404],
    ['/dnsbl%00', 404],
    ['/web', 400],
    ['/probe', 400],
    ['/probe?check=web', 400],
    ['/probe?check=web&target=a&target=b', 400],
    ['/probe?check=web&check=dnsbl&target=a', 400],
    ['/probe?check=dnsbl&target=a', 400],
    ['/probe?check=nothing&target=a', 404],
    ['/probe?target=a', 400],
    ['http://[', 400],
  ])('%s is rejected with %d', async (path, code) => {
    const { ask, dnsbl, license, web } = serve();
    expect(await ask(path)).toMatchObject({ kind: 'rejected', code });
    for (const check of [dnsbl, license, web]) expect(check).not.toHaveBeenCalled();
  });

  test('of no check lists the names', async () => {
    const answer = await serve().ask('/nothing');
    expect(answer.report.outcome.summary).toBe(
      "There is no check 'nothing'. There is: dnsbl, license, web.",
    );
  });

  test('names a check and a target below /probe', async () => {
    const { ask, web } = serve();
    const answer = await ask('/probe?check=web&target=192.0.2.7:443');
    expect(web).toHaveBeenCalledWith('192.0.2.7:443', undefined);
    expect(answer).toMatchObject({ report: { outcome: { summary: '192.0.2.7:443' } } });
  });

  test('below /probe asks a check without {target} as it stands', async () => {
    expect(await serve().ask('/probe?check=dnsbl')).toMatchObject({ report: { name: 'dnsbl' } });
  });

  test('comes with how long its client waits', async () => {
    const { served, dnsbl } = serve();
    await answerFromMany(served, { path: '/dnsbl', limitSeconds: 0.7 });
    expect(dnsbl).toHaveBeenCalledWith(0.7);
  });
});

test('of thousands of checks no more than 100 run at the same time', async () => {
  let running = 0;
  let most = 0;
  const check = (name: string) => async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setImmediate(done));
    running -= 1;
    return named(name, reportOf('ok'));
  };
  const names = Array.from({ length: 2000 }, (_unused, index) => `c${index}`);
  const checks = new Map(names.map((name) => [name, check(name)]));
  const { report } = await answerFromMany({ checks, targeted: new Map() }, { path: '/' });
  expect(report.parts?.map(({ name }) => name)).toEqual(names);
  expect(most).toBe(100);
});

test('all checks are asked at once', async () => {
  const started: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((done) => {
    release = done;
  });
  const check = (name: string) => async () => {
    started.push(name);
    await gate;
    return named(name, reportOf('ok'));
  };
  const checks = new Map(['a', 'b', 'c'].map((name) => [name, check(name)]));
  const answer = answerFromMany({ checks, targeted: new Map() }, { path: '/' });
  await vi.waitUntil(() => started.length === 3);
  release();
  expect((await answer).report.parts).toHaveLength(3);
});
