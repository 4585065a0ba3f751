import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { http } from '../../../src/replies/http/index.ts';
import { reportOf, statuses } from '../../support/reports.ts';
import { clientOn, lateAfter } from '../../support/requests.ts';

/** The answer to a request's lines, taken apart. */
async function ask(lines: readonly string[], report = reportOf('ok')) {
  const input = new PassThrough();
  input.end(`${lines.join('\r\n')}\r\n\r\n`);
  const request = await http.readRequest(clientOn(input), lateAfter(10));
  const text = request.kind === 'accepted' ? request.render(report) : request.text;
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [, code] = /^HTTP\/1\.1 (\d+) /.exec(head) ?? [];
  const [, type] = /^Content-Type: (.+)\r?$/m.exec(head) ?? [];
  return {
    code: Number(code),
    type: type?.trim(),
    body,
    length: /^Content-Length: (\d+)/m.exec(head)?.[1],
  };
}

const exposition = 'text/plain; version=0.0.4; charset=utf-8';
const plainText = 'text/plain; charset=utf-8';

const prometheus = 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe('the body', () => {
  test('has the steps of a check behind its summary', async () => {
    const lines = ['1.0 ms: asked', '9.0 ms: left'];
    const { body } = await ask(['GET / HTTP/1.1'], { ...reportOf('critical', 'silence'), lines });
    expect(body).toBe(
      'RBL is not running or not accessible.\nsilence\n1.0 ms: asked\n9.0 ms: left\n',
    );
  });

  test.each([
    ['/', plainText],
    ['/metrics', exposition],
    ['/metrics?target=x', exposition],
    ['http://a.example:8088/metrics', exposition],
    ['/metrics/', exposition],
    ['/metrics/?target=x', exposition],
    ['/a/metrics', plainText],
    ['/metricsx', plainText],
    ['/?/metrics', plainText],
    ['http://a.example/?/metrics', plainText],
    ['/probe?check=a&target=b', exposition],
    ['/probe?check=a&target=b&format=text', plainText],
    ['http://a.example/probe/?format=text&check=a', plainText],
    ['/probe?check=a&format=json', 'application/health+json'],
  ])('at %s is %s', async (target, type) => {
    expect(await ask([`GET ${target} HTTP/1.1`, 'Accept: */*'])).toMatchObject({ code: 200, type });
  });

  test.each(['application/health+json', 'application/json'])(
    'is JSON of the type that is asked for: %s',
    async (type) => {
      const { code, body, ...rest } = await ask(['GET / HTTP/1.1', `Accept: ${type}`]);
      expect({ code, type: rest.type }).toEqual({ code: 200, type });
      expect(JSON.parse(body)).toMatchObject({ status: 'pass' });
    },
  );

  test.each([
    [
      'that Prometheus 2 sends',
      `application/openmetrics-text;version=1.0.0,${prometheus}`,
      exposition,
    ],
    ['that Prometheus 3 sends', `application/openmetrics-text;q=0.6,${prometheus}`, exposition],
    ['of JSON', 'application/json', 'application/json'],
    ['of a browser', 'text/html,*/*;q=0.8', 'text/html; charset=utf-8'],
  ])('at /probe follows an Accept field %s', async (_title, accept, type) => {
    const request = ['GET /probe?check=a&target=b HTTP/1.1', `Accept: ${accept}`];
    expect(await ask(request)).toMatchObject({ code: 200, type });
  });

  test('of a browser at /probe links to other forms of the same question', async () => {
    const request = ['GET /probe?format=html&check=a&target=b HTTP/1.1'];
    const { body } = await ask(request, { ...reportOf('ok'), name: 'a' });
    const links = [...body.matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
    const start = '/probe?check=a&amp;target=b&amp;format=';
    expect(new Set(links)).toEqual(new Set([`${start}json`, `${start}metrics`]));
  });

  test.each([
    ['ok', 200, 'pass'],
    ['warning', 200, 'warn'],
    ['critical', 503, 'fail'],
    ['unknown', 503, 'fail'],
  ] as const)('is JSON behind the status line of %s', async (status, code, word) => {
    const answer = await ask(['GET / HTTP/1.1', 'Accept: application/json'], reportOf(status));
    expect(answer.code).toBe(code);
    expect(JSON.parse(answer.body)).toMatchObject({ status: word });
  });

  test.each(statuses)('at /metrics is a scrape that succeeds, also for %s', async (status) => {
    const { code, type, body } = await ask(['GET /metrics HTTP/1.1'], reportOf(status));
    expect({ code, type }).toEqual({ code: 200, type: exposition });
    expect(body).toMatch(
      status === 'ok' || status === 'warning' ? /^probe_success 1$/m : /^probe_success 0$/m,
    );
  });

  test('is chosen by all Accept fields together, whatever their case', async () => {
    const request = [
      'GET / HTTP/1.1',
      'ACCEPT: text/plain;q=0.5',
      'Host: x',
      'accept:application/json',
    ];
    expect(await ask(request)).toMatchObject({ type: 'application/json' });
  });

  test('is the same for OPTIONS, and its length the same for HEAD', async () => {
    for (const target of ['/', '/metrics']) {
      const report = reportOf('ok');
      const of = (method: string) =>
        ask([`${method} ${target} HTTP/1.1`, 'Accept: application/json'], report);
      const [get, options, head] = [await of('GET'), await of('OPTIONS'), await of('HEAD')];
      expect(options).toEqual(get);
      expect(head).toEqual({ ...get, body: '' });
      expect(get.length).toBe(String(Buffer.byteLength(get.body)));
    }
  });

  test('tells on its first line that the target is drained', async () => {
    const report = reportOf('critical', 'drained: /run/x exists');
    const drained = { ...report, outcome: { ...report.outcome, isDraining: true } };
    expect(await ask(['GET / HTTP/1.1'], drained)).toMatchObject({
      code: 503,
      body: 'RBL is drained.\ndrained: /run/x exists\n',
    });
  });
});
