import { resolve } from 'node:path';
import type { CleanUp } from './clean-up.ts';
import { executable, lbcheck } from './executable.ts';
import { type Program, start, until } from './programs.ts';

/** A network for one test: only the test's own servers are scanned in it. */
export interface Namespace {
  /** The command that runs another one in it, as its root. */
  readonly enter: readonly [string, ...string[]];
  /** The same as the root of the machine, for a program that changes its user. */
  readonly enterAsRoot: readonly [string, ...string[]];
}

/** The only neighbour on the wire; there is nobody at any other address. */
export const ownAddress = '192.0.2.1';

/** Ports with a rule of the firewall before them. */
export const firewalled = { dropped: 2001, prohibited: 2003 } as const;

const rules = `table inet filter {
  chain input {
    type filter hook input priority 0;
    tcp dport ${firewalled.dropped} drop
    tcp dport ${firewalled.prohibited} reject with icmpx type admin-prohibited
  }
}`;

const steps = [
  'ip link set lo up',
  'ip link add wire0 type veth peer name wire1',
  `ip addr add ${ownAddress}/24 dev wire0`,
  'ip link set wire0 address 02:00:00:00:00:01 up',
  'ip link set wire1 up',
  `nft '${rules}'`,
  'echo ready',
  'exec sleep infinity',
].join(' && ');

/** Makes a network namespace, which needs no privilege, and lives as long as its process. */
export async function makeNamespace(cleanUp: CleanUp): Promise<Namespace> {
  const holder = await start(cleanUp, 'unshare', ['--map-root-user', '--net', 'sh', '-c', steps]);
  await ready(holder, 'ready');
  const target = ['--target', String(holder.pid), '--net'];
  return {
    enter: ['nsenter', ...target, '--user', '--preserve-credentials'],
    enterAsRoot: ['nsenter', ...target],
  };
}

/** Starts a program, and waits for a word in its output. */
export async function startSaying(
  cleanUp: CleanUp,
  [command, ...args]: readonly [string, ...string[]],
  word: string,
): Promise<Program> {
  const started = await start(cleanUp, command, args);
  await ready(started, word);
  return started;
}

/** Starts a server that prints `accepted` for each connection, on addresses and ports by turns. */
export function startCounting(
  cleanUp: CleanUp,
  namespace: Namespace,
  ...places: readonly (string | number)[]
): Promise<Program> {
  const fixture = resolve(import.meta.dirname, '../fixtures/counts-accepts.cjs');
  const program = [process.execPath, fixture, ...places.map(String)];
  return startSaying(cleanUp, [...namespace.enter, ...program], 'listening');
}

/** Which SYN is answered, and how, by `startFarServer`. */
interface FarServer {
  /** How long the answer takes, in seconds. */
  readonly seconds?: number;
  /** How often it is sent. */
  readonly times?: number;
  /** The interface on which it comes back; the same by default. */
  readonly by?: string;
  /** From another port than the one asked. */
  readonly isElsewhere?: boolean;
}

/** Starts a server behind the wire that answers for each address and port, though nothing listens. */
export function startFarServer(
  cleanUp: CleanUp,
  namespace: Namespace,
  { seconds = 0, times = 1, by = '', isElsewhere = false }: FarServer = {},
): Promise<Program> {
  const fixture = resolve(import.meta.dirname, '../fixtures/far-server.pl');
  const args = ['wire1', seconds, times, by, isElsewhere ? 'elsewhere' : ''].map(String);
  return startSaying(cleanUp, [...namespace.enter, 'perl', fixture, ...args], 'listening');
}

/** Runs a shell script in a namespace, which must succeed. */
export async function configure(namespace: Namespace, script: string): Promise<void> {
  const { code, stderr } = await runInside(namespace, 'sh', '-ec', script);
  if (code !== 0) throw new Error(stderr);
}

/** Runs a command in a namespace to its end. */
export function runInside({ enter: [command, ...args] }: Namespace, ...rest: readonly string[]) {
  return lbcheck([...args, ...rest], { command, input: '' });
}

/** Runs `lbcheck syn`, as a plugin, in a namespace. */
export function synInside(namespace: Namespace, ...args: readonly string[]) {
  return runInside(namespace, executable, 'syn', ...args, '--reply', 'plugin');
}

async function ready(program: Program, word: string): Promise<void> {
  await until(`a program prints ${word}`, async () => {
    if (program.hasEnded()) throw new Error(program.output());
    return program.output().includes(word);
  });
}
