import { formatDuration } from '../../check/duration.ts';
import { critical, type Metric, type Outcome, unknown } from '../../check/outcome.ts';

/** How a zone's SOA serial tells when its data was made. Dates are in UTC. */
export const serialFormats = ['unix', 'yyyymmddnn', 'yymmddhhmm'] as const;
/** One way of reading a serial. */
export type SerialFormat = (typeof serialFormats)[number];

const day = 86400;

/** Serials below this many Unix seconds (the year 2000) are counters, not times. */
const oldestTime = 946_684_800;

/**
 * The age of a zone's data in seconds, or undefined when the serial is no time. Without a format
 * it is told from the number: Unix seconds stay below 2,000,000,000 until May 2033. A time within
 * a day ahead, as an author east of UTC writes it, is age 0; one further ahead is no time.
 */
export function ageOf(serial: number, now: Date, format?: SerialFormat): number | undefined {
  const made = read(serial, format ?? formatOf(serial));
  if (made === undefined || (format === undefined && made < oldestTime)) return undefined;
  const age = now.getTime() / 1000 - made;
  return age < -day ? undefined : Math.max(0, age);
}

function formatOf(serial: number): SerialFormat {
  if (serial < 2_000_000_000) return 'unix';
  return serial < 2_100_000_000 ? 'yyyymmddnn' : 'yymmddhhmm';
}

function read(serial: number, format: SerialFormat): number | undefined {
  const digits = String(serial).padStart(10, '0');
  const at = (start: number, end: number) => Number(digits.slice(start, end));
  switch (format) {
    case 'unix':
      return serial;
    case 'yyyymmddnn':
      return utc(at(0, 4), at(4, 6), at(6, 8), 0, 0);
    case 'yymmddhhmm':
      return utc(2000 + at(0, 2), at(2, 4), at(4, 6), at(6, 8), at(8, 10));
  }
}

/** Unix seconds of a date that the calendar and the clock have. */
function utc(year: number, month: number, date: number, hours: number, minutes: number) {
  const time = new Date(Date.UTC(year, month - 1, date, hours, minutes));
  const isReal =
    time.getUTCFullYear() === year &&
    time.getUTCMonth() === month - 1 &&
    time.getUTCDate() === date &&
    time.getUTCHours() === hours;
  return isReal ? time.getTime() / 1000 : undefined;
}

/** The limit for the age of a zone's data, and what the summary needs. */
export interface AgeLimit {
  readonly zone: string;
  /** In seconds. */
  readonly maxAge: number;
  readonly serialFormat?: SerialFormat | undefined;
}

/** Judges the age of a zone's data by its SOA serial; undefined for a zone without an SOA record. */
export function judgeAge(serial: number | undefined, limit: AgeLimit): Outcome {
  const { zone, maxAge, serialFormat } = limit;
  if (serial === undefined) return critical('age of the zone data: it has no SOA record');
  const age = ageOf(serial, new Date(), serialFormat);
  if (age === undefined) {
    const format = serialFormat === undefined ? '' : ` in the format ${serialFormat}`;
    return unknown(`age of the zone data: its SOA serial ${serial} is not a time${format}`);
  }
  const help = 'Age of the zone data by its SOA serial';
  const limits = { critical: String(maxAge), minimum: 0 };
  const metrics: readonly Metric[] = [
    { name: 'zone_age', value: age, unit: 's', help, labels: { zone }, ...limits },
  ];
  const summary = `zone data is ${formatDuration(age)} old`;
  if (age <= maxAge) return { status: 'ok', summary, metrics };
  return { ...critical(`${summary}, allowed is ${formatDuration(maxAge)}`), metrics };
}
