import { critical, type Metric, type Outcome, unknown } from '../../check/outcome.ts';
import type { Answer, Ask, DnsReply } from '../../net/dns/index.ts';
import { judgeAge, type SerialFormat } from './age.ts';
import { entryName, type ListType } from './entries.ts';
import { badAddress, errorCode, failedRcode, noReply } from './reasons.ts';

/** What is asked of every zone. */
export interface ZoneQuestions {
  readonly type: ListType;
  /** The entry that must be listed. */
  readonly test: string;
  /** The entry that must not be; undefined when it is not asked. */
  readonly control?: string | undefined;
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
  const { type, test, control, maxAge, serialFormat } = questions;
  const askEntry = (entry: string) => ask({ name: `${entryName(type, entry)}.${zone}`, type: 'A' });
  const [tested, controlled, authority] = await Promise.all([
    askEntry(test),
    control === undefined ? undefined : askEntry(control),
    maxAge === undefined ? undefined : ask({ name: zone, type: 'SOA' }),
  ]);

  const entry = usable(tested, server);
  if ('status' in entry) return entry;
  const failure = testFailure(entry, test);
  if (failure !== undefined) return critical(failure);

  if (controlled && control !== undefined) {
    const reply = usable(controlled, server);
    const broken = 'status' in reply ? reply : controlFailure(reply);
    if (broken) return { ...broken, summary: `negative control ${control}: ${broken.summary}` };
  }

  const praise = `lists ${test} as ${entry.addresses.join(', ')}`;
  if (!authority || maxAge === undefined) return { status: 'ok', summary: praise };
  const soa = usable(authority, server);
  if ('status' in soa) {
    return { ...soa, summary: `age of the zone data: SOA question: ${soa.summary}` };
  }
  const age = {
    ...judgeAge(soa.serial, { zone, maxAge, serialFormat }),
    facts: serialOf(soa, zone),
  };
  return age.status === 'ok' ? { ...age, summary: `${praise}, ${age.summary}` } : age;
}

/** The serial, for those who watch whether it moves. */
function serialOf({ serial }: DnsReply, zone: string): readonly Metric[] {
  const help = 'Serial of the zone';
  return serial === undefined
    ? []
    : [{ name: 'zone_serial', value: serial, help, labels: { zone } }];
}

/** A reply that says whether a name exists, or the outcome without one. */
function usable(answer: Answer, server: string): DnsReply | Outcome {
  if (answer.kind === 'unasked')
    return unknown(`there was no room to ask ${server} (${answer.code})`);
  if (answer.kind !== 'reply') return critical(noReply(answer, server));
  const failure = failedRcode(answer.rcode);
  return failure === undefined ? answer : critical(failure);
}

function testFailure({ rcode, addresses }: DnsReply, entry: string): string | undefined {
  if (addresses.length === 0) {
    const found = rcode === 'NOERROR' ? 'no A record' : rcode;
    return `does not list its test entry ${entry} (${found})`;
  }
  return addresses.map(badAddress).find((reason) => reason !== undefined);
}

function controlFailure({ addresses }: DnsReply): Outcome | undefined {
  if (addresses.length === 0) return undefined;
  const refusal = addresses.map(errorCode).find((reason) => reason !== undefined);
  return critical(refusal ?? `listed as ${addresses.join(', ')}: the zone says yes to everything`);
}
