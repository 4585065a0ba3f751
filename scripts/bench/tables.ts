import { executables, peers } from './contestants.ts';
import { checkCounts, manyName } from './many-contestants.ts';
import type { ProcessResult } from './process-race.ts';
import type { Results } from './results.ts';
import { served } from './served-contestants.ts';
import type { ServedResult } from './served-race.ts';
import type { Spread } from './statistics.ts';
import { table } from './table.ts';

/** The programs that the commands of each probe are compared with. */
const processPeers = {
  rbl: [peers.node, peers.shell],
  tls: [peers.node, peers.checkTcp],
  syn: [peers.node, peers.nmap],
} as const;

const serverPeers = [peers.shell, peers.blackbox, peers.floor] as const;

/** The table of one probe, with a process for each check. */
export function processTable(results: Results, question: keyof typeof processPeers): string {
  const compared = processPeers[question].map((name) => results.process(name));
  const head = [
    'one check as a process',
    'time',
    'middle half',
    ...compared.map(headOf),
    'peak memory',
  ];
  const cells = ({ name, milliseconds, memory }: ProcessResult) => [
    name,
    `${milliseconds.median.toFixed(1)} ms`,
    middleHalf(milliseconds, 1),
    ...compared.map((peer) => (milliseconds.median / peer.milliseconds.median).toFixed(2)),
    megabytes(memory),
  ];
  return table(head, results.processes[question].map(cells));
}

/** The table of `lbcheck serve` with one and with many checks, beside a process for one check. */
export function manyTable(results: Results): string {
  const head = ['one process for many checks', 'requests/s', 'to a resident of its own'];
  const rest = ['p99', 'errors', 'memory', 'to that of 1 check', '/metrics to its slowest probe'];
  const rows = executables.flatMap(({ kind }) => {
    const resident = results.served(served.resident(kind));
    const [first] = checkCounts;
    const one = results.served(manyName(kind, first));
    return checkCounts.map((count) => {
      const row = results.served(manyName(kind, count));
      const ratio = results.metricsRatios[row.name];
      return [
        row.name,
        row.perSecond.median.toFixed(0),
        (row.perSecond.median / resident.perSecond.median).toFixed(2),
        `${row.p99.toFixed(2)} ms`,
        String(row.errors),
        megabytes(row.memory?.most ?? Number.NaN),
        ((row.memory?.most ?? Number.NaN) / (one.memory?.most ?? Number.NaN)).toFixed(2),
        ratio === undefined ? '' : ratio.toFixed(2),
      ];
    });
  });
  return table([...head, ...rest], rows);
}

/** The table of residents under few and under many clients. */
export function crowdTable({ crowds: rows }: Results): string {
  const cells = rows.map(({ name, clients, perSecond, p99, errors }) => [
    ...[name, String(clients), perSecond.toFixed(0), `${p99.toFixed(2)} ms`, String(errors)],
  ]);
  return table(['served to', 'clients', 'requests/s', 'p99', 'errors'], cells);
}

/** The table of the programs that answer over HTTP. */
export function serverTable(results: Results): string {
  const compared = serverPeers.map((name) => results.served(name));
  const figures = ['requests/s', 'middle half', ...compared.map(headOf)];
  const rest = ['p50', 'p99', 'requests', 'errors', 'memory at first', 'at the end', 'at most'];
  const cells = (row: ServedResult) => [
    row.name,
    row.perSecond.median.toFixed(0),
    middleHalf(row.perSecond, 0),
    ...compared.map((peer) => (row.perSecond.median / peer.perSecond.median).toFixed(2)),
    `${row.p50.toFixed(2)} ms`,
    `${row.p99.toFixed(2)} ms`,
    String(row.requests),
    String(row.errors),
    ...(row.memory ? [row.memory.first, row.memory.last, row.memory.most].map(megabytes) : []),
  ];
  return table(['served over a socket', ...figures, ...rest], results.servers.map(cells));
}

const headOf = ({ name }: { readonly name: string }) => `to ${name}`;

const middleHalf = ({ low, high }: Spread, digits: number) =>
  `${low.toFixed(digits)} to ${high.toFixed(digits)}`;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
