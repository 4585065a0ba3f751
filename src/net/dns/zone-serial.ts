import { critical, type Metric, type Outcome } from '../../check/outcome.ts';
import { ageOf, judgeAge, type SerialFormat } from './zone-age.ts';

/** What the serial of a zone must be. */
export interface SerialLimits {
  /** How old the zone's data may be by its serial, in seconds; beside a primary, how old while behind it. */
  readonly maxAge?: number | undefined;
  /** How the serial is read; undefined when its number tells. */
  readonly serialFormat?: SerialFormat | undefined;
}

/** The serial of a zone at its primary server, or why it is not known. */
export type PrimarySerial = number | Outcome;

/**
 * Judges the serial of a zone by its age, or by the serial that its primary server has. `serial` is
 * undefined for a zone without an SOA record.
 */
export function judgeSerial(
  zone: string,
  serial: number | undefined,
  limits: SerialLimits,
  atPrimary: PrimarySerial | undefined,
): Outcome {
  const facts = [
    ...fact('zone_serial', serial, 'Serial of the zone', zone),
    ...fact('primary_serial', atPrimary, 'Serial of the zone at its primary', zone),
  ];
  return { ...judge(zone, serial, limits, atPrimary), facts };
}

function fact(
  name: string,
  value: number | Outcome | undefined,
  help: string,
  zone: string,
): readonly Metric[] {
  return typeof value === 'number' ? [{ name, value, help, labels: { zone } }] : [];
}

function judge(
  zone: string,
  serial: number | undefined,
  { maxAge, serialFormat }: SerialLimits,
  atPrimary: PrimarySerial | undefined,
): Outcome {
  if (serial === undefined) return critical('age of the zone data: it has no SOA record');
  if (atPrimary === undefined) {
    return judgeAge(serial, { zone, maxAge: maxAge ?? Number.POSITIVE_INFINITY, serialFormat });
  }
  if (typeof atPrimary !== 'number') return atPrimary;
  const order = compareSerials(serial, atPrimary);
  if (order === 'same') return { status: 'ok', summary: `serial ${serial} as at the primary` };
  const difference = `serial ${serial} is ${order} ${atPrimary} at the primary`;
  if (order === 'ahead of') return { status: 'ok', summary: difference };
  if (maxAge === undefined || order !== 'behind') return critical(difference);
  const age = ageOf(serial, new Date(), serialFormat);
  if (age === undefined) return critical(`${difference}, and is not a time`);
  const judged = judgeAge(serial, { zone, maxAge, serialFormat });
  return { ...judged, summary: `${difference}: ${judged.summary}` };
}

/** Serials go round in a circle of 32 bits (RFC 1982 section 3.2); half of it away is neither side. */
export function compareSerials(
  serial: number,
  other: number,
): 'same' | 'behind' | 'ahead of' | 'not comparable with' {
  const distance = (other - serial) >>> 0;
  if (distance === 0) return 'same';
  if (distance === 2 ** 31) return 'not comparable with';
  return distance < 2 ** 31 ? 'behind' : 'ahead of';
}
