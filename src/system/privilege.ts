import { readFileSync } from 'node:fs';

const capNetRaw = 1 << 13;

/**
 * True when a program that lbcheck starts may open raw sockets (CAP_NET_RAW, capabilities(7)): a program
 * of root gets what root has, and a program of another user only the ambient set. File capabilities are
 * not considered.
 */
export function programsHaveRawSockets(): boolean {
  const isRoot = process.geteuid?.() === 0;
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const [, set = '0'] = (isRoot ? /^CapEff:\s*(\w+)/m : /^CapAmb:\s*(\w+)/m).exec(status) ?? [];
    // The set has sixteen hexadecimal digits; this capability is in the last eight.
    return (Number.parseInt(set.slice(-8), 16) & capNetRaw) !== 0;
  } catch {
    return isRoot;
  }
}
