import { existsSync } from 'node:fs';
import type { Trace } from '../../../check/trace.ts';
import { endpoint } from '../../../net/host-names.ts';
import { ipv6Groups, withoutMapping, zoneIdOf } from '../../../net/ip-address.ts';
import type { AbortSignalLike } from '../../../system/abort.ts';
import { afterReading } from '../../../system/event-loop.ts';
import { startFailure } from '../../../system/start-failure.ts';
import { type Finding, inWords } from '../port-state.ts';
import { findingOf } from './answer.ts';
import type { Perl } from './perl.ts';
import { script } from './script.ts';
import { startPerl } from './start-perl.ts';

/** The number of recvmsg(2) by the names that process.arch has; elsewhere ICMP messages are errnos. */
const recvmsgNumbers: Readonly<Record<string, number>> = {
  x64: 47,
  arm64: 212,
  riscv64: 212,
  loong64: 212,
};

/** One port of one address. */
export interface Question {
  readonly address: string;
  readonly port: number;
  /** The deadline of the check, in seconds. */
  readonly timeout: number;
  readonly trace?: Trace | undefined;
}

/** Asks the kernel for half a connection to one port: no privilege is needed, and no nmap. */
export async function askKernel(question: Question, signal: AbortSignalLike): Promise<Finding> {
  const perl = existsSync('/usr/bin/perl') ? '/usr/bin/perl' : 'perl';
  const args = ['-f', '-e', script, '--', ...argumentsFor(question)];
  const target = endpoint(question.address, question.port);
  question.trace?.(1, () => `asks the kernel for half a connection to ${target}, by ${perl}`);
  const end = await run(perl, args, signal);
  const finding = findingOf(end.text) ?? end.otherwise;
  question.trace?.(1, () => `the kernel: ${inWords(finding)}`);
  question.trace?.(3, () => `its output: ${end.text}`);
  return finding;
}

function argumentsFor({ address, port, timeout }: Question): readonly string[] {
  const recvmsg = recvmsgNumbers[process.arch] ?? 0;
  // It is killed at the deadline. The second more is for the case that nobody does.
  return [hexOf(address), port, zoneIdOf(address) ?? 0, timeout + 1, recvmsg].map(String);
}

/** The bytes of an address in hexadecimal. */
function hexOf(address: string): string {
  const groups = ipv6Groups(address);
  const numbers = groups ?? withoutMapping(address).split('.').map(Number);
  const digits = groups ? 4 : 2;
  return numbers.map((number) => number.toString(16).padStart(digits, '0')).join('');
}

/** What the program printed until its end or the deadline; and the reason if it printed nothing. */
async function run(
  file: string,
  args: readonly string[],
  signal: AbortSignalLike,
): Promise<Printed> {
  const late: Finding = { kind: 'unknown', why: 'perl did not start before the deadline' };
  if (signal.aborted) return { text: '', otherwise: late };
  let onAbort = () => {};
  const aborted = new Promise<'late'>((resolve) => {
    onAbort = () => afterReading(() => resolve('late'));
    signal.addEventListener('abort', onAbort);
  });
  let perl: Perl | undefined;
  try {
    perl = await startPerl(file, args);
    const by = await Promise.race([perl.end, aborted]);
    const { stdout, stderr } = perl.printed;
    const why = `perl ended with ${by}: ${stderr.trim().split('\n')[0]}`;
    return { text: stdout, otherwise: by === 'late' ? late : { kind: 'unavailable', why } };
  } catch (error) {
    return { text: '', otherwise: notStarted(file, error as NodeJS.ErrnoException) };
  } finally {
    signal.removeEventListener('abort', onAbort);
    perl?.stop();
  }
}

interface Printed {
  readonly text: string;
  readonly otherwise: Finding;
}

function notStarted(file: string, { code, message }: NodeJS.ErrnoException): Finding {
  const why = startFailure(file, code ?? message, 'install it (apt-get install perl-base)');
  return { kind: 'unavailable', why: `perl cannot be run: ${why}` };
}
