import { readFileSync } from 'node:fs';

const capNetRaw = 1 << 13;

/**
 * True when a program that lbcheck starts may open raw sockets (CAP_NET_RAW, capabilities(7)): root keeps
 * what it has, another user hands on the ambient set alone. File capabilities are not looked at.
 */
export function programsHaveRawSockets(): boolean {
  const isRoot = process.geteuid?.() === 0;
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const [, set = '0'] = (isRoot ? /^CapEff:\s*(\w+)/m : /^CapAmb:\s*(\w+)/m).exec(status) ?? [];
    // Sixteen digits, of which the last eight hold it.
    return (Number.parseInt(set.slice(-8), 16) & capNetRaw) !== 0;
  } catch {
    return isRoot;
  }
}
