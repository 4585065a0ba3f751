import { spawnSync } from 'node:child_process';
import { median, type Spread, spread } from './statistics.ts';

/** A command, and a part of its expected output: a failed run is not a fast one. */
export interface ProcessContestant {
  readonly name: string;
  readonly args: readonly [string, ...string[]];
  readonly expected: string;
}

export interface ProcessResult {
  readonly name: string;
  /** From the start of the process to its end, measured by its parent. */
  readonly milliseconds: Spread;
  /** The peak resident size in bytes, of the command or its largest child. */
  readonly memory: number;
}

/** How often each command runs in one round. */
export const turns = 15;

/** What an AWS load balancer sends. */
const request = [
  'GET / HTTP/1.1',
  'Host: 10.0.0.7:8088',
  'Connection: close',
  'User-Agent: ELB-HealthChecker/2.0',
  'Accept-Encoding: gzip, compressed',
  '\r\n',
].join('\r\n');

/** A race of commands that take turns, so that a busy moment of the machine slows all of them. */
export function processRace(contestants: readonly ProcessContestant[]) {
  const measured = contestants.map((contestant) => ({
    contestant,
    milliseconds: [] as number[],
    memory: [] as number[],
  }));
  return {
    warmUp(): void {
      for (const contestant of contestants) for (let turn = 0; turn < 3; turn += 1) run(contestant);
    },
    round(): void {
      for (let turn = 0; turn < turns; turn += 1) {
        for (const row of measured) row.milliseconds.push(run(row.contestant).milliseconds);
      }
      for (const row of measured) row.memory.push(peakMemory(row.contestant));
    },
    results: (): readonly ProcessResult[] =>
      measured.map(({ contestant, milliseconds, memory }) => ({
        name: contestant.name,
        milliseconds: spread(milliseconds),
        memory: median(memory),
      })),
  };
}

/** Runs a command on a request from stdin. */
function run({ name, args, expected }: ProcessContestant) {
  const [command, ...options] = args;
  // Nothing else of the environment: NODE_EXTRA_CA_CERTS, for example, would be read at each start.
  const env = { PATH: process.env.PATH };
  const start = process.hrtime.bigint();
  const ended = spawnSync(command, options, { env, input: request, encoding: 'utf8' });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (ended.error) throw ended.error;
  if (!ended.stdout.includes(expected)) {
    throw new Error(`${name} did not print '${expected}': ${ended.stdout}${ended.stderr}`);
  }
  return { milliseconds, stderr: ended.stderr };
}

/** Measured by time(1): the last line on stderr is the size in KiB. */
function peakMemory(contestant: ProcessContestant): number {
  const { stderr } = run({ ...contestant, args: ['time', '-f', '%M', ...contestant.args] });
  return Number(stderr.trim().split('\n').at(-1)) * 1024;
}
