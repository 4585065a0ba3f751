import { fstatSync } from 'node:fs';
import { unlessDrained } from './check/drain.ts';
import { type Report, unknown } from './check/outcome.ts';
import { run } from './check/run.ts';
import { share } from './check/share.ts';
import { readCommandLine, type Settings } from './command-line/index.ts';
import { replies } from './replies/index.ts';
import { serveOneShot } from './serve/one-shot.ts';
import type { ListenOptions } from './serve/resident/index.ts';
import { type Session, serveClient } from './serve/session.ts';

/**
 * Runs the executable under the name it was called by, with its arguments; returns the exit code.
 * Wrong usage is answered in the form of the client; a person at a terminal gets a usage error.
 */
export async function main(name: string, args: readonly string[]): Promise<number> {
  // Takes away the printer of Node's warnings: under xinetd stderr is the client's socket.
  process.removeAllListeners('warning');
  const { command, isPlugin, invocation } = readCommandLine(name, args);
  if (invocation.kind === 'text') {
    process.stdout.on('error', () => {}).write(invocation.text);
    return isPlugin ? 3 : 0;
  }
  const { settings } = invocation;
  const isAtTerminal = await isTerminal();
  const form =
    settings.form ?? (isPlugin || (isAtTerminal && !settings.listen) ? 'plugin' : 'http');
  const reply = replies[form];
  const complain = (message: string) => {
    process.stderr.write(`${command}: ${message}\nSee ${command} --help.\n`);
    return reply.exitCodes.unknown;
  };

  if (invocation.kind === 'misuse') {
    const isForPerson = isAtTerminal && (form === 'plugin' || settings.listen !== undefined);
    if (isForPerson) return complain(invocation.message);
    if (hasLog(settings.listen)) complain(invocation.message);
  }
  const sessionOf: SessionMaker = (getReport) => {
    const getAnswer = async () => ({ kind: 'report' as const, report: await getReport() });
    return (connection) => serveClient(connection, reply, settings.requestTimeout, getAnswer);
  };
  const { check, listen } = settings;
  if (listen === undefined) {
    const getReport = withDrainFile(settings, () => run(check));
    return reply.exitCodes[await serveOneShot(sessionOf(getReport))];
  }
  const failure = await stayResident(settings, listen, sessionOf);
  if (failure === undefined) return reply.exitCodes.ok;
  if (isAtTerminal || hasLog(listen)) return complain(failure);
  // What is wrong on the command line says more than what follows from it.
  const reason = invocation.kind === 'misuse' ? invocation.message : failure;
  const failed = { ...check, probe: async () => unknown(reason) };
  return reply.exitCodes[await serveOneShot(sessionOf(() => run(failed)))];
}

/** Makes the session of a client from the way to get a report. */
type SessionMaker = (getReport: () => Promise<Report>) => Session;

const withDrainFile = ({ drainFile, check }: Settings, getReport: () => Promise<Report>) =>
  unlessDrained(drainFile, check, getReport);

/** Answers all who connect, until it is told to leave; returns why it could not listen. */
async function stayResident(
  settings: Settings,
  listen: ListenOptions,
  sessionOf: SessionMaker,
): Promise<string | undefined> {
  // Loaded late, for those who start one process per check.
  const { serveResident } = await import('./serve/resident/index.ts');
  const shared = share(() => run(settings.check), settings.hold);
  try {
    await serveResident(sessionOf(withDrainFile(settings, shared)), listen);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Under inetd stderr is the socket; elsewhere what starts a resident keeps what it prints. */
function hasLog(listen: ListenOptions | undefined): boolean {
  return listen !== undefined && listen.address.kind !== 'inetd';
}

/** True when stdin is a terminal. */
async function isTerminal(): Promise<boolean> {
  return fstatSync(0).isCharacterDevice() && (await import('node:tty')).isatty(0);
}
