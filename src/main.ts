import type { CommandLine, Invocation, Settings } from './command-line/index.ts';
import { readPlainCommandLine } from './command-line/plain.ts';
import type { ServingSettings } from './command-line/serving-options.ts';
import { defaults } from './command-line/shared-options.ts';
import { haproxyOfMany } from './replies/haproxy/index.ts';
import { type ReplyForm, replies } from './replies/index.ts';
import type { GetAnswer } from './serve/answers.ts';
import { defaultForm, formByInput } from './serve/default-form.ts';
import { serveOneShot } from './serve/one-shot.ts';
import type { ListenOptions } from './serve/resident/index.ts';
import { answerOneShot, answerResident, type Service } from './serve/service.ts';
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
  const { command, isPlugin, invocation } = await readCommandLine(name, args);
  try {
    if (invocation.kind === 'text' && stdin !== 'listening') {
      await writeStdout(invocation.text);
      return isPlugin ? 3 : 0;
    }
    if (invocation.kind === 'serve' && invocation.settings.isTest) {
      const { testChecks } = await import('./command-line/checks-service.ts');
      return await testChecks(invocation.settings.file);
    }
    return await serve({ command, isPlugin, stdin, ...(await purposeOf(invocation)) });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Nothing else in lbcheck throws the error of a system call here.
    const what = code === undefined ? 'bug in lbcheck' : 'the answer cannot be written';
    complain(command, `${what}: ${message}`);
    return failureCode;
  }
}

/** Loads commander, and what only a wrong command line needs, when it is needed. */
async function readCommandLine(name: string, args: readonly string[]): Promise<CommandLine> {
  const plain = readPlainCommandLine(name, args);
  return plain ?? (await import('./command-line/index.ts')).readCommandLine(name, args);
}

/** What the process was started for. */
interface Start {
  readonly command: string;
  readonly isPlugin: boolean;
  readonly stdin: StdinKind;
  readonly settings: ServingSettings;
  readonly service: Service;
  /** What is wrong on the command line, or in the file of checks. */
  readonly misuse: string | undefined;
}

type Purpose = Pick<Start, 'settings' | 'service' | 'misuse'>;

/** Help and version are no service: who connects to one is told so. */
async function purposeOf(invocation: Invocation): Promise<Purpose> {
  switch (invocation.kind) {
    case 'run':
      return { ...serviceOf(invocation.settings), misuse: undefined };
    case 'misuse':
      return { ...serviceOf(invocation.settings), misuse: invocation.message };
    case 'serve': {
      // Loaded late, for those who start one process per check.
      const { openChecks } = await import('./command-line/checks-service.ts');
      return openChecks(invocation.settings);
    }
    case 'text': {
      const misuse = 'the service is started with --help or --version, and makes no check';
      const { settingsOfMisuse } = await import('./command-line/misuse.ts');
      return { ...serviceOf(settingsOfMisuse('lbcheck', misuse, [])), misuse };
    }
  }
}

const serviceOf = (settings: Settings): Pick<Start, 'settings' | 'service'> => ({
  settings,
  service: { kind: 'one', ...settings },
});

async function serve({ command, isPlugin, stdin, settings, service, misuse }: Start) {
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
  const sessionOf: SessionMaker = (getAnswer) =>
    sessionIn(form, settings.requestTimeout, service.kind, getAnswer);
  if (listen === undefined) {
    return serveOneShot(sessionOf(await answerOneShot(service)), stdin);
  }
  const failure = await stayResident(service, settings, listen, sessionOf);
  if (failure === undefined) return 0;
  if (isAtTerminal || listen.address.kind !== 'inetd') {
    complain(command, failure);
    return replies[form ?? 'http'].exitCodes.unknown;
  }
  // What is wrong on the command line is the cause; the failure only follows from it.
  const { settingsOfMisuse } = await import('./command-line/misuse.ts');
  const failed = settingsOfMisuse(nameOf(service), misuse ?? failure, []);
  const getAnswer = await answerOneShot({ kind: 'one', ...failed });
  return serveOneShot(sessionOf(getAnswer), stdin);
}

const nameOf = (service: Service) => (service.kind === 'one' ? service.check.name : 'checks');

/** Makes the session of a client from the way to answer it. */
type SessionMaker = (getAnswer: GetAnswer) => Session;

/** The session in one form of answer; without one, in the form that the client's first bytes tell. */
function sessionIn(
  form: ReplyForm | undefined,
  requestTimeout: number,
  kind: Service['kind'],
  getAnswer: GetAnswer,
): Session {
  return async (connection) => {
    const found = form ?? (await formByInput(connection));
    const reply = kind === 'many' && found === 'haproxy' ? haproxyOfMany : replies[found];
    return serveClient(connection, reply, requestTimeout, getAnswer);
  };
}

/** Answers all who connect, until it is told to leave; returns why it could not listen. */
async function stayResident(
  service: Service,
  settings: ServingSettings,
  listen: ListenOptions,
  sessionOf: SessionMaker,
): Promise<string | undefined> {
  // Loaded late, for those who start one process per check.
  const { serveResident } = await import('./serve/resident/index.ts');
  const { openLog } = await import('./serve/open-log.ts');
  const log = openLog(settings, listen.address);
  const { getAnswer, reload, titles } = await answerResident(service, log.write);
  const onListening = (addresses: readonly string[]) => log.listening(addresses, titles);
  try {
    await serveResident(sessionOf(getAnswer), listen, { reload, onListening });
    log.end();
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
