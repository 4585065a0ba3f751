import { fstatSync } from 'node:fs';
import { readCommandLine, type Wish } from './command-line.ts';
import { converse, type Peer } from './conversation.ts';
import { unlessDrained } from './drain.ts';
import type { Residence } from './hosts/resident/index.ts';
import { stdio } from './hosts/stdio.ts';
import { type Report, type Status, unknown } from './outcome.ts';
import { replies } from './replies/index.ts';
import { run } from './run.ts';
import { share } from './share.ts';

/**
 * Runs the executable by the name it was called and the words behind it; returns the exit code. An
 * asker gets wrong usage as an answer in its own form, a person at a terminal as a usage error.
 */
export async function main(name: string, words: readonly string[]): Promise<number> {
  // The printer of Node's warnings: they would reach the asker, for xinetd makes its socket stderr.
  process.removeAllListeners('warning');
  const { called, isPlugin, invocation } = readCommandLine(name, words);
  if (invocation.kind === 'text') {
    process.stdout.on('error', () => {}).write(invocation.text);
    return isPlugin ? 3 : 0;
  }
  const { wish } = invocation;
  const isAtTerminal = await onTerminal();
  const form = wish.form ?? (isPlugin || (isAtTerminal && !wish.residence) ? 'plugin' : 'http');
  const reply = replies[form];
  const complain = (message: string) => {
    process.stderr.write(`${called}: ${message}\nSee ${called} --help.\n`);
    return reply.exitCodes.unknown;
  };

  if (invocation.kind === 'misuse') {
    const isForPerson = isAtTerminal && (form === 'plugin' || wish.residence !== undefined);
    if (isForPerson) return complain(invocation.message);
    if (hasLog(wish.residence)) complain(invocation.message);
  }
  const answer: Answer = (ask) => (peer) => converse(peer, reply, wish.requestTimeout, ask);
  if (wish.residence === undefined) {
    return reply.exitCodes[await stdio(answer(askOf(wish, () => run(wish.check))))];
  }
  const failure = await reside(wish, wish.residence, answer);
  if (failure === undefined) return reply.exitCodes.ok;
  if (isAtTerminal || hasLog(wish.residence)) return complain(failure);
  // What is wrong on the command line says more than what follows from it.
  const reason = invocation.kind === 'misuse' ? invocation.message : failure;
  const check = { ...wish.check, probe: async () => unknown(reason) };
  return reply.exitCodes[await stdio(answer(() => run(check)))];
}

/** Makes the conversation that a host holds, of the way to get a report. */
type Answer = (ask: () => Promise<Report>) => (peer: Peer) => Promise<Status>;

/** A way to get a report that looks for the drain file first. */
const askOf = ({ drainFile, check }: Wish, ask: () => Promise<Report>) =>
  unlessDrained(drainFile, check, ask);

/** Stays and answers all who connect; returns why it could not. */
async function reside(
  wish: Wish,
  residence: Residence,
  answer: Answer,
): Promise<string | undefined> {
  // Late, for those who start one process per check.
  const { resident } = await import('./hosts/resident/index.ts');
  try {
    await resident(
      answer(
        askOf(
          wish,
          share(() => run(wish.check), wish.hold),
        ),
      ),
      residence,
    );
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Under inetd stderr is the socket; elsewhere what starts a resident keeps what it prints. */
function hasLog(residence: Residence | undefined): boolean {
  return residence !== undefined && residence.where.kind !== 'inetd';
}

/** True when stdin is a terminal. */
async function onTerminal(): Promise<boolean> {
  return fstatSync(0).isCharacterDevice() && (await import('node:tty')).isatty(0);
}
