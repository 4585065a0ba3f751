import { expect, test } from 'vitest';
import { parseWrk } from '../../../scripts/bench/wrk.ts';

const output = `Running 3s test @ http://127.0.0.1:8088/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     7.17ms    3.35ms  28.27ms   73.58%
    Req/Sec     2.24k   172.36     2.48k    66.67%
  Latency Distribution
     50%  736.00us
     75%    8.93ms
     90%   11.67ms
     99%    1.20s
  6689 requests in 3.01s, 11.45MB read
Requests/sec:   2224.04
Transfer/sec:      3.81MB
`;

test('reads rate, latencies in milliseconds and the number of requests', () => {
  const run = { perSecond: 2224.04, p50: 0.736, p99: 1200, requests: 6689, errors: 0 };
  expect(parseWrk(output)).toEqual(run);
});

test('adds up the socket errors of all kinds', () => {
  const errors = '  Socket errors: connect 1, read 20, write 300, timeout 4000\nRequests/sec:';
  expect(parseWrk(output.replace('Requests/sec:', errors)).errors).toBe(4321);
});

test('throws when an answer has another status', () => {
  const refused = '  Non-2xx or 3xx responses: 7\nRequests/sec:';
  expect(() => parseWrk(output.replace('Requests/sec:', refused))).toThrow('responses: 7');
});

test('throws if wrk prints nothing', () => {
  expect(() => parseWrk('')).toThrow('wrk did not print');
});
