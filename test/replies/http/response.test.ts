import { describe, expect, test } from 'vitest';
import { bodyFor } from '../../../src/replies/http/body.ts';
import { refusal, response } from '../../../src/replies/http/response.ts';
import { reportOf, statuses } from '../../support/reports.ts';

const plain = await bodyFor({ method: 'GET', target: '/' });

function parse(text: string) {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const fields = Object.fromEntries(lines.map((field) => field.split(/: /, 2)));
  return { statusLine, fields, body: rest.join('\r\n\r\n') };
}

describe('the answer to a request', () => {
  test.each([
    ['ok', 'HTTP/1.1 200 OK', 'RBL is running.'],
    ['warning', 'HTTP/1.1 200 OK', 'RBL is running.'],
    ['critical', 'HTTP/1.1 503 Service Unavailable', 'RBL is not running or not accessible.'],
    ['unknown', 'HTTP/1.1 503 Service Unavailable', 'RBL is not running or not accessible.'],
  ] as const)('for %s is %s, its verdict on the first line', (status, line, verdict) => {
    const { statusLine, body } = parse(response('GET', reportOf(status, 'lists 127.0.0.2'), plain));
    expect(statusLine).toBe(line);
    expect(body).toBe(`${verdict}\nlists 127.0.0.2\n`);
  });

  test('ends the connection and is kept by no cache', () => {
    const { fields } = parse(response('GET', reportOf('ok'), plain));
    expect(fields).toEqual({
      Date: expect.stringMatching(
        /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
      ),
      'Cache-Control': 'no-store',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': '26',
      Connection: 'close',
    });
  });

  test('is dated now', () => {
    const { fields } = parse(response('GET', reportOf('ok'), plain));
    expect(Math.abs(Date.parse(fields.Date ?? '') - Date.now())).toBeLessThan(5000);
  });

  test('has the length of its body in bytes', () => {
    const { fields, body } = parse(response('GET', reportOf('critical', 'bücher 例え 😀'), plain));
    expect(fields['Content-Length']).toBe(String(Buffer.byteLength(body)));
    expect(body.length).toBeLessThan(Buffer.byteLength(body));
  });

  test.each(statuses)('has no body after HEAD, and the fields of GET (%s)', (status) => {
    const [head, get] = ['HEAD', 'GET'].map((method) =>
      parse(response(method, reportOf(status), plain)),
    );
    expect(head?.body).toBe('');
    expect(get?.body).not.toBe('');
    expect(head?.statusLine).toBe(get?.statusLine);
    expect({ ...head?.fields, Date: '' }).toEqual({ ...get?.fields, Date: '' });
  });

  test.each(['OPTIONS', undefined])('has a body after %s', (method) => {
    expect(parse(response(method, reportOf('ok'), plain)).body).toContain('RBL is running.');
  });

  test('names the probe', () => {
    expect(response('GET', { ...reportOf('ok'), probe: 'tls' }, plain)).toContain(
      'TLS is running.',
    );
  });
});

describe('a refusal', () => {
  test.each([
    [400, 'HTTP/1.1 400 Bad Request'],
    [405, 'HTTP/1.1 405 Method Not Allowed'],
    [408, 'HTTP/1.1 408 Request Timeout'],
    [431, 'HTTP/1.1 431 Request Header Fields Too Large'],
  ] as const)('with %i tells why, and ends the connection', (code, line) => {
    const { statusLine, fields, body } = parse(refusal(code, 'GET'));
    expect(statusLine).toBe(line);
    expect(body).toMatch(/^[A-Z].*\.\n$/);
    expect(fields).toMatchObject({
      Connection: 'close',
      'Cache-Control': 'no-store',
      'Content-Length': String(Buffer.byteLength(body)),
    });
  });

  test('of a method, and no other, names the methods that are allowed', () => {
    expect(parse(refusal(405, 'POST')).fields.Allow).toBe('GET, HEAD, OPTIONS');
    for (const code of [400, 408, 431] as const) {
      expect(parse(refusal(code, 'GET')).fields).not.toHaveProperty('Allow');
    }
  });

  test('of HEAD has no body', () => {
    expect(parse(refusal(431, 'HEAD')).body).toBe('');
  });

  test('of no readable method has a body', () => {
    expect(parse(refusal(400, undefined)).body).not.toBe('');
  });
});
