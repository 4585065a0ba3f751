import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { afterThisFile } from '../support/clean-up.ts';
import { executable, lbcheck, parseResponse } from '../support/executable.ts';
import { fakeProgram } from '../support/fake-program.ts';
import { readHealth } from '../support/health-schema.ts';
import { directory, freePort, start, until } from '../support/programs.ts';
import { exchange, isListening, startXinetd } from '../support/xinetd.ts';

const cleanUp = afterThisFile();
let drainFile: string;
beforeAll(async () => {
  drainFile = join(await directory(cleanUp, { drain: '' }), 'drain');
});

/** The answer in a form while the drain file exists; the plugin must not run. */
async function drained(form: string) {
  const { path, runs } = await fakeProgram(cleanUp, 'echo OK');
  const args = ['exec', '--reply', form, '--drain-file', drainFile, '--', path];
  const { code, stdout, stderr } = await lbcheck(args, { input: 'GET / HTTP/1.1\r\n\r\n' });
  expect({ runs: await runs(), stderr }).toEqual({ runs: [], stderr: '' });
  return { code, stdout };
}

describe('while the drain file exists the target is not asked, and', () => {
  test('http answers 503', async () => {
    const { code, stdout } = await drained('http');
    const { status, body } = parseResponse(stdout);
    expect({ code, status, body }).toEqual({
      ...{ code: 1, status: 503 },
      body: `EXEC is drained.\ndrained: ${drainFile} exists\n`,
    });
  });

  test('plugin prints CRITICAL', async () => {
    expect(await drained('plugin')).toEqual({
      code: 2,
      stdout: `EXEC CRITICAL - drained: ${drainFile} exists\n`,
    });
  });

  test('haproxy answers drain', async () => {
    expect(await drained('haproxy')).toEqual({ code: 1, stdout: 'drain\n' });
  });

  test('json has the status fail', async () => {
    const { code, stdout } = await drained('json');
    const { status, checks } = readHealth(stdout);
    expect({ code, status }).toEqual({ code: 1, status: 'fail' });
    expect(checks['exec:status']).toMatchObject([{ observedValue: 'drain' }]);
  });

  test('prometheus has lbcheck_draining 1', async () => {
    const { code, stdout } = await drained('prometheus');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^probe_success\{.*\} 0$/m);
    expect(stdout).toMatch(/^lbcheck_draining\{.*\} 1$/m);
  });
});

describe('--drain-code 404', () => {
  const ask = async (file: string, input: string) => {
    const args = ['exec', '--drain-file', file, '--drain-code', '404', '--', 'echo', 'OK'];
    const { code, stdout } = await lbcheck(args, { input });
    return { code, ...parseResponse(stdout, input.startsWith('HEAD')) };
  };

  test.each(['GET /', 'HEAD /', 'OPTIONS /'])('answers %s', async (request) => {
    const drained = await ask(drainFile, `${request} HTTP/1.1\r\n\r\n`);
    expect(drained).toMatchObject({ code: 1, status: 404 });
  });

  test('answers JSON, and leaves metrics to Prometheus', async () => {
    const json = await ask(drainFile, 'GET / HTTP/1.1\r\nAccept: application/json\r\n\r\n');
    expect(json.status).toBe(404);
    expect(readHealth(json.body).status).toBe('fail');
    const metrics = await ask(drainFile, 'GET /metrics HTTP/1.1\r\n\r\n');
    expect(metrics.status).toBe(200);
    expect(metrics.body).toMatch(/^lbcheck_draining 1$/m);
  });

  test('is for a drain only: not for a target that works, or a file that cannot be looked for', async () => {
    expect((await ask(`${drainFile}-none`, 'GET / HTTP/1.1\r\n\r\n')).status).toBe(200);
    expect((await ask(`/${'x'.repeat(300)}`, 'GET / HTTP/1.1\r\n\r\n')).status).toBe(503);
  });
});

test('a resident looks for the drain file at each request', async ({ onTestFinished }) => {
  const file = join(await directory(onTestFinished), 'drain');
  const { path, runs } = await fakeProgram(onTestFinished, 'echo OK');
  const port = await freePort();
  const where = ['--listen', `127.0.0.1:${port}`, '--hold', '60', '--drain-file', file];
  await start(onTestFinished, executable, ['exec', ...where, '--', path]);
  await until('it listens', () => isListening(port));
  const ask = async () =>
    parseResponse((await exchange(port, ['GET / HTTP/1.1\r\n\r\n'])).text).status;

  const statuses = [await ask()];
  for (const change of [() => writeFile(file, ''), () => rm(file), () => writeFile(file, '')]) {
    await change();
    statuses.push(await ask(), await ask());
  }
  expect(statuses).toEqual([200, 503, 503, 200, 200, 503, 503]);
  expect(await runs()).toHaveLength(1);
});

// Root can read every directory.
test.runIf(process.getuid?.() === 0)(
  'a directory that the user of the service cannot enter makes the check unknown',
  async ({ onTestFinished }) => {
    const closed = await directory(onTestFinished);
    await chmod(closed, 0o700);
    const args = `rbl 127.0.0.1 1 --zone z.example --drain-file ${closed}/drain`;
    const { port } = await startXinetd(onTestFinished, args, { user: 'nobody' });
    const { status, body } = parseResponse((await exchange(port, ['\r\n'])).text);
    expect(status).toBe(503);
    expect(body).toMatch(`cannot look for the drain file '${closed}/drain': EACCES`);
  },
);
