/** Answers that are errors, not listings. Spamhaus defined most of them, dnswl.org the last. */
const errorCodes: Readonly<Record<string, string>> = {
  '127.255.255.252': 'typing error in the zone name',
  '127.255.255.254': 'query through a public resolver',
  '127.255.255.255': 'too many queries',
  '127.0.1.255': 'a list of names was asked for an address: --type name',
  '127.0.2.255': 'a list of names was asked for an address: --type name',
  '127.0.0.255': 'the list blocks you',
};

/** What the rcodes of list servers mean. */
const rcodes: Readonly<Record<string, string>> = {
  REFUSED: 'refused: rate-limited, or zone not served here',
  SERVFAIL: 'SERVFAIL: zone expired or not loaded',
};

/** Why an rcode is a failure, or undefined for the two that say whether a name exists. */
export function failedRcode(rcode: string): string | undefined {
  if (rcode === 'NOERROR' || rcode === 'NXDOMAIN') return undefined;
  return rcodes[rcode] ?? `answered with rcode ${rcode}`;
}

/** Why an address is not the answer of a working list, or undefined when it is one. */
export function badAddress(address: string): string | undefined {
  if (!address.startsWith('127.')) {
    return `answered ${address}, outside 127.0.0.0/8: zone parked, hijacked or rewritten`;
  }
  if (address === '127.0.0.1') {
    return 'answered 127.0.0.1: query refused by the list, or zone parked, hijacked or rewritten';
  }
  return errorCode(address);
}

/** The meaning of an answer that is an error code; undefined for any other answer. */
export function errorCode(address: string): string | undefined {
  const meaning =
    errorCodes[address] ??
    (address.startsWith('127.255.255.') ? 'the list refuses the query' : undefined);
  return meaning && `answered error code ${address}: ${meaning}`;
}
