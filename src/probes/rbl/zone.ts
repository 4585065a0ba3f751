import { critical, type Outcome } from '../../check/outcome.ts';
import type { Ask, DnsReply, Followed } from '../../net/dns/index.ts';
import { replyTo, serialIn } from '../../net/dns/reply.ts';
import { judgeSerial, type PrimarySerial, type SerialLimits } from '../../net/dns/zone-serial.ts';
import { type ExpectedCode, isExpected } from './codes.ts';
import { entryName, type ListType } from './entries.ts';
import { badAddress, errorCode, failedRcode } from './reasons.ts';

/** What is asked of every zone. */
export interface ZoneQuestions extends SerialLimits {
  readonly type: ListType;
  /** The entry that must be listed. */
  readonly test: string;
  /** The entry that must not be; undefined when it is not asked. */
  readonly control?: string | undefined;
  /** The answers that the test entry may have; undefined for all that a list gives. */
  readonly expect?: readonly ExpectedCode[] | undefined;
}

/**
 * Asks one zone all its questions at the same time. `server` is an endpoint, for the summary;
 * `atPrimary` is the serial to compare with.
 */
export async function checkZone(
  ask: Ask,
  zone: string,
  questions: ZoneQuestions,
  server: string,
  atPrimary?: Promise<PrimarySerial | undefined>,
): Promise<Outcome> {
  const { type, test, control, expect, maxAge } = questions;
  const asksSerial = maxAge !== undefined || atPrimary !== undefined;
  const askEntry = (entry: string) => ask({ name: `${entryName(type, entry)}.${zone}`, type: 'A' });
  const [tested, controlled, authority] = await Promise.all([
    askEntry(test),
    control === undefined ? undefined : askEntry(control),
    asksSerial ? ask({ name: zone, type: 'SOA' }) : undefined,
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
  if (!authority) return { status: 'ok', summary: praise };
  const soa = read(authority, server);
  if ('status' in soa) {
    return { ...soa, summary: `age of the zone data: SOA question: ${soa.summary}` };
  }
  const serial = serialIn(authority.records);
  const judged = judgeSerial(zone, serial, questions, await atPrimary);
  return judged.status === 'ok' ? { ...judged, summary: `${praise}, ${judged.summary}` } : judged;
}

/** A reply that tells whether a name exists. */
interface Existence {
  readonly rcode: DnsReply['rcode'];
  /** The first field of each record that was asked for. */
  readonly values: readonly string[];
  /** Where an alias led to. */
  readonly alias: string | undefined;
}

/** The reply if it tells whether a name exists; otherwise the outcome. */
function read(followed: Followed, server: string): Existence | Outcome {
  const reply = replyTo(followed, server);
  if ('status' in reply) return reply;
  const failure = failedRcode(reply.rcode);
  if (failure !== undefined) return critical(failure);
  const values = followed.records.map(({ fields }) => fields[0] ?? '');
  return { rcode: reply.rcode, values, alias: followed.alias };
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
