import type { Answer, DnsReply } from '../../net/dns/index.ts';

type Unasked = Extract<Answer, { kind: 'unasked' }>;

/** Answer codes in 127.255.255.0/24 are errors, not listings; Spamhaus defined these. */
const errorCodes: Readonly<Record<string, string>> = {
  '127.255.255.252': 'typing error in the zone name',
  '127.255.255.254': 'query through a public resolver',
  '127.255.255.255': 'too many queries',
};

/** What the rcodes of list servers mean. */
const rcodes: Readonly<Record<string, string>> = {
  REFUSED: 'refused: rate-limited, or zone not served here',
  SERVFAIL: 'SERVFAIL: zone expired or not loaded',
};

/** Why no reply came, for each way of having asked in vain. `server` is an endpoint. */
export function noReply(answer: Exclude<Answer, DnsReply | Unasked>, server: string): string {
  switch (answer.kind) {
    case 'silence':
      return `no answer from ${server}${ignoredMessages(answer.ignored)}`;
    case 'unreachable':
      if (answer.code !== 'ECONNREFUSED') return `${server} is unreachable (${answer.code})`;
      return answer.transport === 'UDP'
        ? `nothing listens on ${server} (port unreachable)`
        : `nothing listens on ${server} for TCP (connection refused)`;
    case 'closed':
      return `${server} closed the TCP connection without an answer`;
    case 'malformed':
      return `malformed message from ${server}`;
  }
}

function ignoredMessages(count: number): string {
  if (count === 0) return '';
  return ` (ignored ${count} ${count === 1 ? 'message that was' : 'messages that were'} no answer to the question)`;
}

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

/** What an answer in 127.255.255.0/24 says, or undefined for any other. */
export function errorCode(address: string): string | undefined {
  if (!address.startsWith('127.255.255.')) return undefined;
  return `answered error code ${address}: ${errorCodes[address] ?? 'the list refuses the query'}`;
}
