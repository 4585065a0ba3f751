import { reversed } from '../../net/dns/reverse.ts';
import { domainNameSyntax, isAddress, isDomainName } from '../../net/host-names.ts';

/** What a list holds: addresses, or domain names (RFC 5782 sections 2.1, 2.4 and 2.2). */
export const listTypes = ['ip4', 'ip6', 'name'] as const;
/** One type of list. */
export type ListType = (typeof listTypes)[number];

/** A list contains its test entry and never its negative control (RFC 5782 section 5). */
export const standardEntries = {
  ip4: { test: '127.0.0.2', control: '127.0.0.1' },
  ip6: { test: '::ffff:7f00:2', control: '::ffff:7f00:1' },
  name: { test: 'TEST', control: 'INVALID' },
} as const satisfies Record<ListType, { test: string; control: string }>;

/** What each type of list has for entries, for error messages. */
const entrySyntax = {
  ip4: 'an IPv4 address, or another --type',
  ip6: 'an IPv6 address, or another --type',
  name: domainNameSyntax,
} satisfies Record<ListType, string>;

/** True when a list of the type may hold the entry. */
export function isEntry(type: ListType, entry: string): boolean {
  if (type === 'name') return isDomainName(entry);
  return isAddress(entry) && entry.includes(':') === (type === 'ip6') && !entry.includes('%');
}

/** What is wrong with a choice of entries, in the words of the options; undefined when nothing is. */
export function mistakeInEntries(
  type: ListType,
  test: string,
  control: string | undefined,
  zones: readonly string[],
): string | undefined {
  const given = { '--test-entry': test, '--control': control };
  for (const [option, entry] of Object.entries(given)) {
    if (entry !== undefined && !isEntry(type, entry)) {
      return `${option} '${entry}' is invalid. Allowed is ${entrySyntax[type]}.`;
    }
  }
  const entries = control === undefined ? [test] : [test, control];
  const names = entries.map((entry) => entryName(type, entry).toLowerCase());
  if (names[0] === names[1]) {
    return `--test-entry '${test}' is the negative control: add --no-control, or another --control`;
  }
  const tooLong = zones.find((zone) => !names.every((name) => isDomainName(`${name}.${zone}`)));
  if (tooLong !== undefined) {
    return `--zone '${tooLong}' is too long: a name to ask below it has more than 253 characters`;
  }
  return undefined;
}

/** The name under a zone that an entry is asked at: `2.0.0.127` for 127.0.0.2. */
export function entryName(type: ListType, entry: string): string {
  return type === 'name' ? entry : reversed(entry);
}
