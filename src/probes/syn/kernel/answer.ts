import type { Finding } from '../port-state.ts';

/** nmap's words for the codes of ICMP "destination unreachable" (RFC 792, RFC 1812 section 5.2.7.1). */
const icmpReasons: Readonly<Record<number, string>> = {
  0: 'net-unreach',
  1: 'host-unreach',
  2: 'proto-unreach',
  3: 'port-unreach',
  9: 'net-prohibited',
  10: 'host-prohibited',
  13: 'admin-prohibited',
};

/** The same for ICMPv6 (RFC 4443 section 3.1). */
const icmp6Reasons: Readonly<Record<number, string>> = {
  0: 'no-route',
  1: 'admin-prohibited',
  3: 'host-unreach',
  4: 'port-unreach',
};

const noRoom = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN'];

/** What the perl program printed, and what is known from that; undefined when it is nothing. */
export function findingOf(printed: string): Finding | undefined {
  const [kind, ...rest] = printed.trim().split('\n').at(-1)?.split(' ') ?? [];
  switch (kind) {
    case 'sent':
      return { kind: 'state', state: 'filtered', reason: 'no-response' };
    case 'held':
      return blocked('dropped');
    case 'end':
      return findingOfEnd(rest.map(Number));
    case 'failed':
      return findingOfErrno(nameOf(Number(rest[1])), rest[0]);
    default:
      return undefined;
  }
}

/** The errno of the connect, and of an ICMP message its origin, type and code, and whether it is ours. */
function findingOfEnd([errno = 0, origin = 0, type = 0, code = 0, isOwn = 0]: readonly number[]) {
  if (errno === 0) return { kind: 'state', state: 'open', reason: 'syn-ack' } as const;
  const reason = icmpReason(origin, type, code);
  if (reason === undefined) return findingOfErrno(nameOf(errno));
  // This machine itself says that a neighbour does not answer; anything else is its firewall.
  if (isOwn === 1 && reason !== 'host-unreach') {
    return blocked(reason);
  }
  return { kind: 'state', state: 'filtered', reason } as const;
}

/** Of ip(7) and ipv6(7), SO_EE_ORIGIN_ICMP is 2 and SO_EE_ORIGIN_ICMP6 is 3. */
function icmpReason(origin: number, type: number, code: number): string | undefined {
  if (origin === 2) return type === 3 ? (icmpReasons[code] ?? 'dest-unreach') : 'time-exceeded';
  if (origin === 3) return type === 1 ? (icmp6Reasons[code] ?? 'dest-unreach') : 'time-exceeded';
  return undefined;
}

function findingOfErrno(code: string, call = 'connect'): Finding {
  if (code === 'ECONNREFUSED') return { kind: 'state', state: 'closed', reason: 'reset' };
  if (code === 'ETIMEDOUT') return { kind: 'state', state: 'filtered', reason: 'no-response' };
  if (call === 'interface') return unknown(`this machine has no such interface (${code})`);
  if (noRoom.includes(code)) return unknown(`there was no room to ask (${code})`);
  if (code === 'EPERM' || code === 'EACCES') {
    const why = `this machine does not permit the connection (${code})`;
    // A route that forbids, or a security module: nmap sees no more than that there is no way.
    return call === 'connect' ? { kind: 'blocked', why } : unknown(why);
  }
  if (call === 'setsockopt') return unknown(`this kernel has no half-open connection (${code})`);
  return { kind: 'unreachable', why: `is unreachable (${code})` };
}

function blocked(how: string): Finding {
  return {
    kind: 'blocked',
    why: `the firewall of this machine does not let the packet out (${how})`,
  };
}

const unknown = (why: string): Finding => ({ kind: 'unknown', why });

/** Of errno(3), by the numbers that Linux has on most machines. Not from node:util, which loads slowly. */
const errnoNames: Readonly<Record<number, string>> = {
  1: 'EPERM',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  19: 'ENODEV',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  92: 'ENOPROTOOPT',
  97: 'EAFNOSUPPORT',
  99: 'EADDRNOTAVAIL',
  100: 'ENETDOWN',
  101: 'ENETUNREACH',
  105: 'ENOBUFS',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  112: 'EHOSTDOWN',
  113: 'EHOSTUNREACH',
};

const nameOf = (errno: number) => errnoNames[errno] ?? `errno ${errno}`;
