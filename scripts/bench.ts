import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { startRbldnsd, zoneFiles } from '../test/support/rbldnsd.ts';

/** How often each command is run; they take turns, so that a busy moment of the machine meets all. */
const rounds = 100;
const memoryRounds = 9;

const request = 'GET / HTTP/1.1\r\n\r\n';
// Without NODE_EXTRA_CA_CERTS, which Node would read at each start.
const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/** A command, and a part of what it must say: a failed run is not a fast one. */
interface Contestant {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
  readonly says: string;
}

const bareNode: Contestant = { name: 'node -e 0', words: ['node', '-e', '0'], says: '' };
const lbcheck = resolve('dist/lbcheck');

/** One check of a list server as a process: the bundle, and the usual shell script. */
async function benchRbl(cleanUp: (undo: () => void | Promise<void>) => void): Promise<void> {
  const zone = 'good.example';
  const port = String((await startRbldnsd(cleanUp, { [zone]: zoneFiles.good })).port);
  const says = 'HTTP/1.1 200 OK';
  race([
    bareNode,
    { name: 'dist/lbcheck rbl', words: [lbcheck, 'rbl', '127.0.0.1', port, '--zone', zone], says },
    {
      name: 'sh with host and grep',
      words: [resolve('scripts/bench-host-grep'), port, zone],
      says,
    },
  ]);
}

/** One half-open check: the bundle, and nmap alone with the same options. */
async function benchSyn(cleanUp: (undo: () => void | Promise<void>) => void): Promise<void> {
  // The kernel answers a SYN, though this process is busy.
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  cleanUp(() => new Promise((closed) => server.close(() => closed())));
  const address = server.address();
  const port = String(typeof address === 'object' ? address?.port : '');
  const options = ['-sS', '-n', '-Pn', '--disable-arp-ping', '-oX', '-', '-p', port, '127.0.0.1'];
  race([
    bareNode,
    { name: 'dist/lbcheck syn', words: [lbcheck, 'syn', '127.0.0.1', port], says: 'is open' },
    { name: 'nmap alone', words: ['nmap', ...options], says: 'state="open"' },
  ]);
}

/** Runs the contestants by turns, and prints a line for each, with ratios to the first. */
function race(contestants: readonly [Contestant, ...Contestant[]]): void {
  const times = new Map(contestants.map((contestant) => [contestant, [] as number[]]));
  for (let round = -3; round < rounds; round += 1) {
    for (const [contestant, measured] of times) {
      const { milliseconds } = run(contestant);
      if (round >= 0) measured.push(milliseconds);
    }
  }
  const rows = contestants.map((contestant) => ({
    name: contestant.name,
    time: median(times.get(contestant) ?? []),
    memory: peakMemory(contestant),
  }));
  const [bare] = rows;
  for (const { name, time, memory } of rows) {
    const cells = [
      `${time.toFixed(1)} ms`.padStart(9),
      `${(time / (bare?.time ?? time)).toFixed(2)} x`.padStart(8),
      `${(memory / 1024).toFixed(1)} MiB`.padStart(10),
      `${(memory / (bare?.memory ?? memory)).toFixed(2)} x`.padStart(8),
    ];
    console.log([name.padEnd(24), ...cells].join('  '));
  }
  console.log();
}

/** Runs a command on a request from stdin; returns what it said on stderr, and its milliseconds. */
function run(contestant: Contestant, prefix: readonly string[] = []) {
  const [command = '', ...words] = [...prefix, ...contestant.words];
  const options = { env, input: request, encoding: 'utf8' } as const;
  const start = process.hrtime.bigint();
  const { stdout, stderr, error } = spawnSync(command, words, options);
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw error;
  if (!stdout.includes(contestant.says)) throw new Error(`${contestant.name} said: ${stdout}`);
  return { milliseconds, stderr };
}

/** The peak resident size in KiB, by time(1), of the command or its largest child. */
function peakMemory(contestant: Contestant): number {
  const runs = Array.from({ length: memoryRounds }, () =>
    Number(run(contestant, ['time', '-f', '%M']).stderr),
  );
  return median(runs);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function bench(): Promise<void> {
  console.log(`Medians of ${rounds} interleaved runs, as the process that starts them sees them.`);
  console.log(`Ratios to a bare start of Node ${process.version}; memory is the peak.\n`);
  const undo: (() => void | Promise<void>)[] = [];
  try {
    await benchRbl((step) => undo.push(step));
    await benchSyn((step) => undo.push(step));
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

bench().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
