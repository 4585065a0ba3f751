import { describe, expect, test } from 'vitest';
import { unknown } from '../../../src/check/outcome.ts';
import { compareSerials, judgeSerial } from '../../../src/net/dns/zone-serial.ts';

const zone = 'list.test';
const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

test.each<[number, number, ReturnType<typeof compareSerials>]>([
  [7, 7, 'same'],
  [7, 8, 'behind'],
  [8, 7, 'ahead of'],
  [4_294_967_295, 0, 'behind'],
  [0, 4_294_967_295, 'ahead of'],
  [0, 2 ** 31 - 1, 'behind'],
  [0, 2 ** 31, 'not comparable with'],
  [2 ** 31, 0, 'not comparable with'],
  [0, 2 ** 31 + 1, 'ahead of'],
])('serial %i is, to %i: %s', (serial, other, order) => {
  expect(compareSerials(serial, other)).toBe(order);
});

describe('a zone beside its primary', () => {
  test.each<[string, number, number, 'ok' | 'critical', string]>([
    ['as new', 7, 7, 'ok', 'serial 7 as at the primary'],
    ['newer', 8, 7, 'ok', 'serial 8 is ahead of 7 at the primary'],
    ['older', 7, 8, 'critical', 'serial 7 is behind 8 at the primary'],
    [
      'half of the circle away',
      0,
      2 ** 31,
      'critical',
      'serial 0 is not comparable with 2147483648 at the primary',
    ],
  ])('that is %s', (_what, serial, atPrimary, status, summary) => {
    const outcome = judgeSerial(zone, serial, {}, atPrimary);
    expect(outcome).toMatchObject({ status, summary });
    expect(outcome.facts).toMatchObject([
      { name: 'zone_serial', value: serial, labels: { zone } },
      { name: 'primary_serial', value: atPrimary, labels: { zone } },
    ]);
  });

  test('may be behind it for as long as its data is young enough', () => {
    const limits = { maxAge: 7200 };
    const [young, old, newest] = [ago(3600), ago(10_800), ago(0)];
    expect(judgeSerial(zone, young, limits, newest)).toMatchObject({
      status: 'ok',
      summary: `serial ${young} is behind ${newest} at the primary: zone data is 1h old`,
    });
    expect(judgeSerial(zone, old, limits, newest)).toMatchObject({
      status: 'critical',
      summary: `serial ${old} is behind ${newest} at the primary: zone data is 3h old, allowed is 2h`,
    });
    expect(judgeSerial(zone, old, limits, old)).toMatchObject({ status: 'ok' });
  });

  test('with a serial that is no time may not be behind at all', () => {
    expect(judgeSerial(zone, 7, { maxAge: 7200 }, 8)).toMatchObject({
      status: 'critical',
      summary: 'serial 7 is behind 8 at the primary, and is not a time',
    });
  });

  test('is unknown when the primary tells nothing, and critical without an SOA record', () => {
    const silent = unknown('primary 192.0.2.1:53: no answer');
    expect(judgeSerial(zone, 7, {}, silent)).toMatchObject(silent);
    expect(judgeSerial(zone, undefined, {}, silent)).toMatchObject({ status: 'critical' });
  });
});
