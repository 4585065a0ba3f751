import { machine } from './machine.ts';
import { table } from './table.ts';

/** What a list server has counted of the questions of one check. */
export interface Counts {
  readonly questions: number;
  /** Runs of the check: each asks for the test entry, which is there, and for a control, which is not. */
  readonly runs: number;
}

/** A resident at one moment of its load. Counts are those since its start. */
export interface SoakRow extends Counts {
  readonly name: string;
  readonly answers: number;
  readonly errors: number;
  /** Bytes. */
  readonly memory: number;
  readonly descriptors: number;
}

export function soakTable(rows: readonly SoakRow[]): string {
  const head = ['resident under load', 'answers', 'errors', 'runs', 'questions', 'asked again'];
  const cells = (row: SoakRow) => [
    ...[row.name, String(row.answers), String(row.errors)],
    ...[String(row.runs), String(row.questions), String(row.questions - 2 * row.runs)],
    ...[`${(row.memory / 1e6).toFixed(1)} MB`, String(row.descriptors)],
  ];
  return table([...head, 'memory', 'descriptors'], rows.map(cells));
}

const [begin, end] = ['<!-- by npm run soak -->', '<!-- end of npm run soak -->'];
const part = new RegExp(`${begin}\\n.*?${end}\\n\\n`, 's');

/** docs/bench.md with this result in place of an earlier one. Everything else stays as it is. */
export function withSoak(page: string, rows: readonly SoakRow[], clients: number): string {
  return put([begin, section(rows, clients), end, '', ''].join('\n'), page.replace(part, ''));
}

/** A new docs/bench.md with the result that an earlier one had, if it had one. */
export function keepSoak(page: string, earlier: string): string {
  const [kept] = part.exec(earlier) ?? [];
  return kept === undefined ? page : put(kept, page);
}

function put(written: string, page: string): string {
  const place = /^## How it was measured$/m.exec(page)?.index;
  if (place === undefined) throw new Error('docs/bench.md has no heading "How it was measured"');
  return page.slice(0, place) + written + page.slice(place);
}

function section(rows: readonly SoakRow[], clients: number): string {
  return `## A long load

Written by \`npm run soak\` on ${new Date().toISOString().slice(0, 10)}, on ${machine()}.

${soakTable(rows)}

Each executable answers for one list on a port of its own, ${clients} clients of wrk at a time, each for one request,
and every body is checked. The first row of each is the resident before the load. Questions are those that rbldnsd
has counted: a run of the check asks two, and one of them again only if it gets no answer within half of its deadline.
Clients that ask at the same moment share a run, so that there are fewer runs than answers. Memory is VmRSS; it and
the descriptors are read when the load has paused and its connections are closed.
`;
}
