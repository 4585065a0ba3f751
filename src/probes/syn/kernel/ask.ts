import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Trace } from '../../../check/trace.ts';
import { endpoint } from '../../../net/host-names.ts';
import { ipv6Groups, withoutMapping, zoneIdOf } from '../../../net/ip-address.ts';
import { startFailure } from '../../../system/start-failure.ts';
import { type Finding, inWords } from '../port-state.ts';
import { findingOf } from './answer.ts';
import { script } from './script.ts';

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
export async function askKernel(question: Question, signal: AbortSignal): Promise<Finding> {
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
  // The program is killed at the deadline; when lbcheck is killed before, it ends by itself.
  return [hexOf(address), port, zoneIdOf(address) ?? 0, timeout + 1, recvmsg].map(String);
}

/** The bytes of an address in hexadecimal. */
function hexOf(address: string): string {
  const groups = ipv6Groups(address);
  const numbers = groups ?? withoutMapping(address).split('.').map(Number);
  const digits = groups ? 4 : 2;
  return numbers.map((number) => number.toString(16).padStart(digits, '0')).join('');
}

/** Without what perl reads of the environment; LD_PRELOAD and MARK pass, which mark the connection. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PERL'));
  // Without this perl complains on stderr about a locale that is not installed.
  return { ...Object.fromEntries(kept), PERL_BADLANG: '0' };
}

/** What the program printed until its end or the deadline; and what is said when that is nothing. */
function run(file: string, args: readonly string[], signal: AbortSignal): Promise<Printed> {
  const late: Finding = { kind: 'unknown', why: 'perl did not start before the deadline' };
  if (signal.aborted) return Promise.resolve({ text: '', otherwise: late });
  return new Promise((resolve) => {
    const child = start(file, args);
    if ('kind' in child) return resolve({ text: '', otherwise: child });
    const texts = { stdout: '', stderr: '' };
    const end = (otherwise: Finding) => {
      signal.removeEventListener('abort', abort);
      child.kill('SIGKILL');
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      resolve({ text: texts.stdout, otherwise });
    };
    // What has arrived by then is read first.
    const abort = () => setImmediate(end, late);
    signal.addEventListener('abort', abort);
    for (const name of ['stdout', 'stderr'] as const) {
      // There is no stream when we have no descriptors left.
      child[name]?.on('data', (text) => {
        texts[name] = `${texts[name]}${text}`.slice(0, 4096);
      });
    }
    child.stdin?.on('error', () => {});
    child.on('error', (error) => end(notStarted(file, error)));
    child.on('close', (code, killer) => {
      const why = `perl ended with ${code ?? killer}: ${texts.stderr.trim().split('\n')[0]}`;
      end({ kind: 'unavailable', why });
    });
  });
}

/** Some errors of spawn are thrown, others are events. */
function start(file: string, args: readonly string[]): ChildProcess | Finding {
  try {
    return spawn(file, args, { env: environment(), stdio: 'pipe' });
  } catch (error) {
    return notStarted(file, error as NodeJS.ErrnoException);
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
