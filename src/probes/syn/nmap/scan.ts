import type { AbortSignalLike } from '../../../system/abort.ts';
import { startFailure } from '../../../system/start-failure.ts';
import { type ProgramResult, runProgram } from '../../../system/subprocess.ts';
import { type Finding, inWords } from '../port-state.ts';
import { argumentsFor, type Scan } from './arguments.ts';
import { readNmapXml } from './xml.ts';

/** Asks nmap for the state of one port of one address, by half of a TCP handshake. */
export async function scan(
  nmap: string,
  question: Scan,
  signal: AbortSignalLike,
): Promise<Finding> {
  const args = argumentsFor(question);
  question.trace?.(1, () => `runs ${nmap} ${args.join(' ')}`);
  const end = await runProgram(nmap, args, signal);
  const finding = findingOf(end, nmap, question.port);
  question.trace?.(1, () => `nmap: ${inWords(finding)}`);
  if (end.kind === 'ended') question.trace?.(3, () => `its output: ${end.stdout} ${end.stderr}`);
  return finding;
}

/** nmap's exit code says nothing: it is 0 for a closed port and for a host without a route. */
function findingOf(end: ProgramResult, nmap: string, port: number): Finding {
  if (end.kind === 'late') return unknown('nmap did not end before the deadline');
  if (end.kind === 'not-started') {
    const install = 'install it (apt-get install nmap), or name it by --nmap';
    const why = `nmap cannot be run as '${nmap}': ${startFailure(nmap, end.code, install)}`;
    return { kind: 'unavailable', why };
  }
  const reading = readNmapXml(end.stdout, port);
  switch (reading.kind) {
    case 'state':
      return reading.state === 'filtered' ? (unsent(end.stderr) ?? reading) : reading;
    case 'no-state':
      return reading.isDown
        ? { kind: 'unreachable', why: `has no port state: host ${reading.host}` }
        : (complaint(end.stderr) ??
            unknown(`nmap told no state of port ${port}: host ${reading.host}`));
    case 'failed':
      return complaint(reading.message) ?? unknown(failure(reading.message));
    case 'unreadable':
      return complaint(end.stderr) ?? unknown(failure(end.stderr));
  }
}

const unknown = (why: string): Finding => ({ kind: 'unknown', why });

/** What nmap's messages tell of firewalls, routes and privileges. */
function complaint(messages: string): Finding | undefined {
  const blocked = firewall(messages);
  if (blocked) return blocked;
  const lines = messages.trim().split('\n');
  const lineWith = (pattern: RegExp) => lines.find((line) => pattern.test(line));
  const route = lineWith(/failed to determine route/i);
  if (route !== undefined) return { kind: 'unreachable', why: 'cannot be reached: no route to it' };
  const privilege = lineWith(/raw socket|root privileges|not permitted/i);
  if (privilege === undefined) return undefined;
  const why = `nmap needs root or CAP_NET_RAW for a half-open check: ${privilege}`;
  return { kind: 'unavailable', why };
}

/** A packet that our own firewall did not let out tells nothing of the port, whatever nmap makes of it. */
function firewall(messages: string): Finding | undefined {
  const line = messages.split('\n').find((each) => /sendto.*not permitted/i.test(each));
  if (line === undefined) return undefined;
  const why = `the firewall of this machine does not let nmap's packets out: ${line.trim()}`;
  return { kind: 'blocked', why };
}

/** nmap calls a port filtered too if it could not send a packet; then it tells so on stderr alone. */
function unsent(messages: string): Finding | undefined {
  const blocked = firewall(messages);
  if (blocked) return blocked;
  const [line, reason = ''] = /^(?:socket: |.*\bsendto\b.* => )(.+)$/m.exec(messages) ?? [];
  if (line === undefined) return undefined;
  return /address family|unreachable|no route/i.test(reason)
    ? { kind: 'unreachable', why: `is unreachable (${reason.trim()})` }
    : unknown(`nmap could not send its packets: ${line.trim()}`);
}

/** nmap's own message. */
function failure(message: string): string {
  const [line = ''] = message.trim().split('\n');
  return line === '' ? 'nmap printed something other than its XML' : `nmap failed: ${line}`;
}
