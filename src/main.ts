import { unlessDrained } from './check/drain.ts';
import { type Report, unknown } from './check/outcome.ts';
import { run } from './check/run.ts';
import { share } from './check/share.ts';
import { type Invocation, readCommandLine, type Settings } from './command-line/index.ts';
import { settingsOfMisuse } from './command-line/misuse.ts';
import { defaults } from './command-line/shared-options.ts';
import { type ReplyForm, replies } from './replies/index.ts';
import { defaultForm, formByInput } from './serve/default-form.ts';
import { serveOneShot } from './serve/one-shot.ts';
import type { ListenOptions } from './serve/resident/index.ts';
import { type Session, serveClient } from './serve/session.ts';
import { ignoreSignals } from './system/signals.ts';
import {
  isStderrAlsoStdout,
  isStderrForClient,
  type StdinKind,
  stdinKind,
  writeStderr,
  writeStdout,
} from './system/standard-streams.ts';

/** The exit code of wrong usage for a person, and of an answer that could not be written. */
const failureCode = 3;

/**
 * Runs the executable under the name it was called by, with its arguments; returns the exit code.
 * Wrong usage is answered in the client's form, and said on stderr where that is not the client's.
 */
export async function main(name: string, args: readonly string[]): Promise<number> {
  // Takes away the printer of Node's warnings: under xinetd stderr is the client's socket.
  process.removeAllListeners('warning');
  ignoreSignals();
  const stdin = await stdinKind();
  const { command, isPlugin, invocation } = readCommandLine(name, args);
  try {
    if (invocation.kind === 'text' && stdin !== 'listening') {
      await writeStdout(invocation.text);
      return isPlugin ? 3 : 0;
    }
    const started = { command, isPlugin, stdin, ...withSettings(invocation) };
    return await serve(started);
  } catch (error) {
    complain(command, `the answer cannot be written: ${(error as Error).message}`);
    return failureCode;
  }
}

/** What the process was started for. */
interface Start {
  readonly command: string;
  readonly isPlugin: boolean;
  readonly stdin: StdinKind;
  readonly settings: Settings;
  /** What is wrong on the command line. */
  readonly misuse: string | undefined;
}

/** Help and version are no service: who connects to one is told so. */
function withSettings(invocation: Invocation): Pick<Start, 'settings' | 'misuse'> {
  if (invocation.kind === 'run') return { settings: invocation.settings, misuse: undefined };
  if (invocation.kind === 'misuse')
    return { settings: invocation.settings, misuse: invocation.message };
  const misuse = 'the service is started with --help or --version, and makes no check';
  return { settings: settingsOfMisuse('lbcheck', misuse, []), misuse };
}

async function serve({ command, isPlugin, stdin, settings, misuse }: Start): Promise<number> {
  // Left unaccepted, the connection would have the superserver start us again and again.
  const inetd: ListenOptions = { address: { kind: 'inetd' }, idleExit: defaults.idleExit };
  const listen = settings.listen ?? (stdin === 'listening' ? inetd : undefined);
  const form = settings.form ?? defaultForm(isPlugin, listen !== undefined, stdin);
  const isAtTerminal = stdin === 'terminal';

  if (misuse !== undefined) {
    const isShownTwice = listen === undefined && isStderrAlsoStdout();
    const isReadByPerson = isAtTerminal && (listen !== undefined || form === 'plugin');
    if (!isShownTwice || isReadByPerson) complain(command, misuse, 'usage');
    if (isReadByPerson && (listen || isShownTwice)) return failureCode;
  }
  const sessionOf: SessionMaker = (getReport) =>
    sessionIn(form, settings.requestTimeout, getReport);
  const { check } = settings;
  if (listen === undefined) {
    const getReport = withDrainFile(settings, () => run(check));
    return serveOneShot(sessionOf(getReport), stdin);
  }
  const failure = await stayResident(settings, listen, sessionOf);
  if (failure === undefined) return 0;
  if (isAtTerminal || listen.address.kind !== 'inetd') {
    complain(command, failure);
    return replies[form ?? 'http'].exitCodes.unknown;
  }
  // What is wrong on the command line says more than what follows from it.
  const failed = { ...check, probe: async () => unknown(misuse ?? failure) };
  return serveOneShot(
    sessionOf(() => run(failed)),
    stdin,
  );
}

/** Makes the session of a client from the way to get a report. */
type SessionMaker = (getReport: () => Promise<Report>) => Session;

/** The session in one form of answer; without one, in the form that the client's first bytes tell. */
function sessionIn(
  form: ReplyForm | undefined,
  requestTimeout: number,
  getReport: () => Promise<Report>,
): Session {
  const getAnswer = async () => ({ kind: 'report' as const, report: await getReport() });
  return async (client) => {
    const { form: found, connection } = form
      ? { form, connection: client }
      : await formByInput(client);
    return serveClient(connection, replies[found], requestTimeout, getAnswer);
  };
}

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
  const shared = share(() => run(settings.check), settings.hold, settings.check.timeout);
  try {
    await serveResident(sessionOf(withDrainFile(settings, shared)), listen);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Says on stderr what is wrong, unless the client would get it there. */
function complain(command: string, message: string, kind?: 'usage'): void {
  if (isStderrForClient()) return;
  writeStderr(`${command}: ${message}\n${kind === 'usage' ? `See ${command} --help.\n` : ''}`);
}
