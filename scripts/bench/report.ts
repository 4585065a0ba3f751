import { type Aim, aims } from './aims.ts';
import { type Bar, chart } from './chart.ts';
import { machine } from './machine.ts';
import { turns } from './process-race.ts';
import { versions } from './requirements.ts';
import type { Results } from './results.ts';
import { table } from './table.ts';
import { crowdTable, manyTable, processTable, serverTable } from './tables.ts';
import { load } from './wrk.ts';

/** All tables, for a terminal and for the report. */
export function tables(results: Results): string {
  const questions = ['rbl', 'tls', 'syn'] as const;
  const processes = questions.map((question) => processTable(results, question));
  const servers = [serverTable(results), manyTable(results), crowdTable(results)];
  return [...processes, ...servers, aimTable(aims(results))].join('\n\n');
}

function aimTable(promised: readonly Aim[]): string {
  const cells = ({ promise, measured, isMet }: Aim) => [
    promise,
    measured,
    isMet ? 'met' : '**not met**',
  ];
  return table(['aim', 'measured', ''], promised.map(cells));
}

/** The whole of docs/bench.md. */
export function report(results: Results, rounds: number): string {
  return `# What a check costs

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}; do not edit.

![Chart of the medians below](bench.svg)

${tables(results)}

## How it was measured

On ${machine()}. Servers, clients and contestants shared these cores.

All rows are from one run of ${rounds} rounds. In each round every contestant had its turns, alone. Times and rates
are medians, and half of all measurements are in the middle half. MB are millions of bytes.

- **As a process**: ${turns} runs in each round, from the start of the process to its end, measured by its
  parent. lbcheck and the shell scripts get the request of an AWS load balancer on stdin, five lines, and
  answer it. The script (scripts/bench/host-grep: host and grep) is written as operators write it, with three
  forks for each header line. The one with few forks (host-grep-lean) is a careful version of it. The list
  server is rbldnsd on loopback. \`check_dig\` and the script ask for the test entry; \`lbcheck rbl\` asks for the
  negative control too. The one that is installed is the same bundle with the code cache that scripts/install and
  the packages make: V8 then compiles nothing of it. \`check_tcp -S\` ends after the handshake without a message to the server;
  \`lbcheck tls\` sends close_notify first. Peak memory is that of the largest process, by time(1).
- **Served**: wrk with ${load.connections} connections at a time, each for one request
  (\`Connection: close\`), for ${load.seconds} seconds in each round. A latency is the time from the request to
  the end of the response, without the time of the connect. Each service has its own xinetd, without
  limits; blackbox_exporter listens by itself. Clients of a resident share one question to the list server
  if their requests overlap. The C program (scripts/bench/floor.c)
  asks nothing: no process for each connection can cost less. Memory is VmRSS of the one process that
  serves all clients, read at the end of each load: after the warm-up, after the last load, and the most.
- **Many checks**: the same load asks for one check of a file of 1, 10 and 100, served by one process. Then all
  metrics of 100 are asked 20 times, one after the other.
- **Few and many clients**: wrk with 1 to 512 connections, for one second in each round.
- An answer that is not the expected one ends the benchmark: a failed run is not a fast one. Before the
  first round and after the last one, a separate load checks every body.
- Errors are those that wrk counts: connections that fail or are cut off, and answers that take longer
  than 2 seconds.

Versions, by Debian package:

${versions()
  .map((line) => `- ${line}`)
  .join('\n')}
`;
}

/** The whole of docs/bench.svg. */
export function drawing(results: Results): string {
  const isOurs = (name: string) => name.startsWith('lbcheck');
  const processes = results.processes.rbl.map(
    ({ name, milliseconds: { median } }): Bar => ({
      ...{ name, value: median, label: `${median.toFixed(1)} ms`, isOurs: isOurs(name) },
    }),
  );
  const servers = results.servers.map(
    ({ name, perSecond: { median } }): Bar => ({
      ...{ name, value: median, label: `${median.toFixed(0)} /s`, isOurs: isOurs(name) },
    }),
  );
  const panels = [
    {
      title: 'One check as a process, in milliseconds: shorter is better',
      bars: processes.sort((a, b) => a.value - b.value),
    },
    {
      title: 'Requests served per second, a connection each: longer is better',
      bars: servers.sort((a, b) => b.value - a.value),
    },
  ];
  const values = panels.map(({ title, bars }) =>
    [title, ...bars.map(({ name, label }) => `${name} ${label}`)].join('; '),
  );
  return chart(panels, values.join('. '));
}
