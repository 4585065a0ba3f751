import { critical, type Metric, type Outcome } from '../../check/outcome.ts';
import type { Ask, DnsReply, Followed } from '../../net/dns/index.ts';
import { outcomeWithout } from '../../net/dns/no-reply.ts';
import { judgeAge, type SerialFormat } from './age.ts';
import { type ExpectedCode, isExpected } from './codes.ts';
import { entryName, type ListType } from './entries.ts';
import { badAddress, errorCode, failedRcode } from './reasons.ts';

/** What is asked of every zone. */
export interface ZoneQuestions {
  readonly type: ListType;
  /** The entry that must be listed. */
  readonly test: string;
  /** The entry that must not be; undefined when it is not asked. */
  readonly control?: string | undefined;
  /** The answers that the test entry may have; undefined for all that a list gives. */
  readonly expect?: readonly ExpectedCode[] | undefined;
  /** How old the zone's data may be, in seconds; undefined when its serial is not asked. */
  readonly maxAge?: number | undefined;
  /** How the serial is read; undefined when its number tells. */
  readonly serialFormat?: SerialFormat | undefined;
}

/** Asks one zone all its questions at the same time. `server` is an endpoint, for the summary. */
export async function checkZone(
  ask: Ask,
  zone: string,
  questions: ZoneQuestions,
  server: string,
): Promise<Outcome> {
  const { type, test, control, expect, maxAge, serialFormat } = questions;
  const askEntry = (entry: string) => ask({ name: `${entryName(type, entry)}.${zone}`, type: 'A' });
  const [tested, controlled, authority] = await Promise.all([
    askEntry(test),
    control === undefined ? undefined : askEntry(control),
    maxAge === undefined ? undefined : ask({ name: zone, type: 'SOA' }),
  ]);

  const entry = read(tested, server);
  if ('status' in entry) return entry;
  const failure = testFailure(entry, test, expect);
  if (failure !== undefined) return critical(failure);

  if (controlled && control !== undefined) {
    const answered = read(controlled, server);
    const broken = 'status' in answered ? answered : controlFailure(answered);
    if (broken) return { ...broken, summary: `negative control ${control}: ${broken.summary}` };
  }

  const praise = `lists ${test} as ${entry.values.join(', ')}`;
  if (!authority || maxAge === undefined) return { status: 'ok', summary: praise };
  const soa = read(authority, server);
  if ('status' in soa) {
    return { ...soa, summary: `age of the zone data: SOA question: ${soa.summary}` };
  }
  const serial = soa.serial === undefined ? undefined : Number(soa.serial);
  const facts = serial === undefined ? [] : [serialOf(serial, zone)];
  const age = { ...judgeAge(serial, { zone, maxAge, serialFormat }), facts };
  return age.status === 'ok' ? { ...age, summary: `${praise}, ${age.summary}` } : age;
}

/** The serial, for those who watch whether it moves. */
function serialOf(value: number, zone: string): Metric {
  return { name: 'zone_serial', value, help: 'Serial of the zone', labels: { zone } };
}

/** A reply that says whether a name exists. */
interface Existence {
  readonly rcode: DnsReply['rcode'];
  /** The first field of each record that was asked for. */
  readonly values: readonly string[];
  /** The third field of the first record: the serial of an SOA record. */
  readonly serial: string | undefined;
  /** Where an alias led to. */
  readonly alias: string | undefined;
}

/** What an answer says of the existence of a name, or the outcome when it says nothing of it. */
function read(
  { answer, records, alias, isUnserved }: Followed,
  server: string,
): Existence | Outcome {
  if (isUnserved) return critical(`alias for ${alias}, which this server does not answer`);
  if (answer.kind !== 'reply') {
    const outcome = outcomeWithout(answer, server);
    return alias === undefined
      ? outcome
      : { ...outcome, summary: `alias for ${alias}: ${outcome.summary}` };
  }
  const failure = failedRcode(answer.rcode);
  if (failure !== undefined) return critical(failure);
  const values = records.map(({ fields }) => fields[0] ?? '');
  return { rcode: answer.rcode, values, serial: records[0]?.fields[2], alias };
}

function testFailure(
  { rcode, values, alias }: Existence,
  entry: string,
  expect: readonly ExpectedCode[] | undefined,
): string | undefined {
  if (values.length === 0) {
    const found = rcode === 'NOERROR' ? 'no A record' : rcode;
    const where = alias === undefined ? found : `alias for ${alias}: ${found}`;
    return `does not list its test entry ${entry} (${where})`;
  }
  const reason = values.map(badAddress).find((bad) => bad !== undefined);
  const stray = expect && values.find((value) => !isExpected(value, expect));
  if (reason !== undefined || stray === undefined) return reason;
  return `lists ${entry} as ${stray}, expected is ${expect?.map(({ text }) => text).join(', ')}`;
}

function controlFailure({ values }: Existence): Outcome | undefined {
  if (values.length === 0) return undefined;
  const refusal = values.map(errorCode).find((reason) => reason !== undefined);
  return critical(refusal ?? `listed as ${values.join(', ')}: the zone says yes to everything`);
}
