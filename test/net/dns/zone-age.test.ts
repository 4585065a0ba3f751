import { describe, expect, test } from 'vitest';
import { ageOf, judgeAge, type SerialFormat } from '../../../src/net/dns/zone-age.ts';

const now = new Date('2026-03-04T05:06:07Z');
const unixNow = now.getTime() / 1000;
const [minute, hour, day] = [60, 3600, 86400];

describe('the age by a serial', () => {
  test.each<[string, number, number]>([
    ['Unix seconds', unixNow - 90, 90],
    ['YYYYMMDDnn', 2026030400, 5 * hour + 6 * minute + 7],
    ['YYYYMMDDnn of a later revision', 2026030499, 5 * hour + 6 * minute + 7],
    ['YYYYMMDDnn of a leap day', 2024022901, 734 * day + 5 * hour + 6 * minute + 7],
    ['YYMMDDHHMM', 2603040500, 6 * minute + 7],
    ['YYMMDDHHMM of another year', 2512312359, unixNow - Date.UTC(2025, 11, 31, 23, 59) / 1000],
  ])('is told from %s by the number alone', (_format, serial, age) => {
    expect(ageOf(serial, now)).toBe(age);
  });

  test.each<[SerialFormat, number, number]>([
    ['unix', unixNow - 90, 90],
    ['unix', 0, unixNow],
    ['yyyymmddnn', 2026030400, 5 * hour + 6 * minute + 7],
    ['yymmddhhmm', 2603040500, 6 * minute + 7],
    ['yymmddhhmm', 603040506, unixNow - Date.UTC(2006, 2, 4, 5, 6) / 1000],
  ])('is read as %s when told so: %i', (format, serial, age) => {
    expect(ageOf(serial, now, format)).toBe(age);
  });

  test.each<[string, number, SerialFormat | undefined]>([
    ['a counter', 42, undefined],
    ['a time before the year 2000', 946_684_799, undefined],
    ['a month that is none', 2026130100, undefined],
    ['a month 0', 2026000100, undefined],
    ['a day that its month has not', 2026022900, undefined],
    ['an hour that is none', 2603042400, undefined],
    ['a minute that is none', 2603040060, undefined],
    ['Unix seconds forced into YYYYMMDDnn', 1_770_000_000, 'yyyymmddnn'],
    ['Unix seconds forced into YYMMDDHHMM', 1_772_600_767, 'yymmddhhmm'],
    ['a date forced into YYMMDDHHMM', 2026030400, 'yymmddhhmm'],
  ])('is not known for %s: %i', (_what, serial, format) => {
    expect(ageOf(serial, now, format)).toBeUndefined();
  });

  test.each<[number, number | undefined]>([
    [1, 0],
    [day, 0],
    [day + 1, undefined],
    [365 * day, undefined],
  ])('is 0 within a day ahead, and not known beyond: %i s ahead', (ahead, age) => {
    expect(ageOf(unixNow + ahead, now)).toBe(age);
    expect(ageOf(unixNow + ahead, now, 'unix')).toBe(age);
  });

  test('reads the next date of the calendar as age 0', () => {
    expect(ageOf(2026030500, now)).toBe(0);
    expect(ageOf(2026030600, now)).toBeUndefined();
  });
});

describe('the data of a zone', () => {
  const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
  const limit = { zone: 'dnsbl.test', maxAge: 2 * hour };

  test('is ok when it is young enough, and its age is a metric', () => {
    const outcome = judgeAge(ago(90 * minute), limit);
    expect(outcome).toMatchObject({ status: 'ok', summary: 'zone data is 1h 30m old' });
    expect(outcome.metrics).toMatchObject([
      { name: 'zone_age', unit: 's', labels: { zone: 'dnsbl.test' } },
    ]);
    expect(outcome.metrics?.[0]?.value).toBeGreaterThanOrEqual(90 * minute);
    expect(outcome.metrics?.[0]?.value).toBeLessThan(91 * minute);
  });

  test('is critical when it is older, and its age is a metric all the same', () => {
    const outcome = judgeAge(ago(5 * hour + 12 * minute + 5), limit);
    expect(outcome).toMatchObject({
      status: 'critical',
      summary: 'zone data is 5h 12m old, allowed is 2h',
    });
    expect(outcome.metrics?.[0]?.value).toBeGreaterThan(5 * hour);
  });

  test('is critical without an SOA record', () => {
    expect(judgeAge(undefined, limit)).toMatchObject({
      status: 'critical',
      summary: expect.stringContaining('no SOA record'),
    });
  });

  test('is of unknown age when its serial is not a time', () => {
    expect(judgeAge(42, limit)).toEqual({
      status: 'unknown',
      summary: 'age of the zone data: its SOA serial 42 is not a time',
    });
    expect(judgeAge(ago(5), { ...limit, serialFormat: 'yyyymmddnn' }).summary).toMatch(
      /is not a time in the format yyyymmddnn$/,
    );
  });
});
