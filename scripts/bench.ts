import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { startRbldnsd, zoneFiles } from '../test/support/rbldnsd.ts';

/** How often each command is run; they take turns, so that a busy moment of the machine meets all. */
const rounds = 100;
const memoryRounds = 9;

const zone = 'good.example';
const request = 'GET / HTTP/1.1\r\n\r\n';
// Without NODE_EXTRA_CA_CERTS, which Node would read at each start.
const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/** A command, and the start of what it must say: a failed run is not a fast one. */
interface Contestant {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
  readonly says: string;
}

/** One check as a process: the bundle, a bare start of Node, and the usual shell script. */
const contestants = (port: string): readonly Contestant[] => [
  { name: 'node -e 0', words: ['node', '-e', '0'], says: '' },
  {
    name: 'dist/lbcheck rbl',
    words: [resolve('dist/lbcheck'), 'rbl', '127.0.0.1', port, '--zone', zone],
    says: 'HTTP/1.1 200 OK',
  },
  {
    name: 'sh with host and grep',
    words: [resolve('scripts/bench-host-grep'), port, zone],
    says: 'HTTP/1.1 200 OK',
  },
];

/** Runs a command on a request from stdin; returns what it said on stderr, and its milliseconds. */
function run(contestant: Contestant, prefix: readonly string[] = []) {
  const [command = '', ...words] = [...prefix, ...contestant.words];
  const start = process.hrtime.bigint();
  const { stdout, stderr, error } = spawnSync(command, words, {
    env,
    input: request,
    encoding: 'utf8',
  });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw error;
  if (!stdout.startsWith(contestant.says)) throw new Error(`${contestant.name} said: ${stdout}`);
  return { milliseconds, stderr };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The peak resident size in KiB, by time(1). */
function peakMemory(contestant: Contestant): number {
  const runs = Array.from({ length: memoryRounds }, () =>
    Number(run(contestant, ['time', '-f', '%M']).stderr),
  );
  return median(runs);
}

/** One line each, with ratios to the first. */
function print(rows: readonly { name: string; time: number; memory: number }[]): void {
  const [bare] = rows;
  console.log(`Medians of ${rounds} interleaved runs, as the process that starts them sees them.`);
  console.log(`Ratios to a bare start of Node ${process.version}; memory is the peak.\n`);
  for (const { name, time, memory } of rows) {
    const cells = [
      `${time.toFixed(1)} ms`.padStart(9),
      `${(time / (bare?.time ?? time)).toFixed(2)} x`.padStart(8),
      `${(memory / 1024).toFixed(1)} MiB`.padStart(10),
      `${(memory / (bare?.memory ?? memory)).toFixed(2)} x`.padStart(8),
    ];
    console.log([name.padEnd(24), ...cells].join('  '));
  }
}

async function bench(): Promise<void> {
  const undo: (() => void | Promise<void>)[] = [];
  try {
    const { port } = await startRbldnsd((step) => undo.push(step), { [zone]: zoneFiles.good });
    const commands = contestants(String(port));
    const times = commands.map((): number[] => []);
    for (let round = -3; round < rounds; round += 1) {
      commands.forEach((contestant, index) => {
        const { milliseconds } = run(contestant);
        if (round >= 0) times[index]?.push(milliseconds);
      });
    }
    const rows = commands.map((contestant, index) => ({
      name: contestant.name,
      time: median(times[index] ?? []),
      memory: peakMemory(contestant),
    }));
    print(rows);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

bench().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
