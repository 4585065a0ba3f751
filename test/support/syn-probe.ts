import { onTestFinished } from 'vitest';
import { probeSyn, type SynCheck } from '../../src/probes/syn/probe.ts';
import { fakeProgram } from './fake-program.ts';
import { printing, xmlOf } from './syn-nmap.ts';

/** What differs from a check of port 25 of 192.0.2.7 as the command line makes it. */
export type Changes = Partial<SynCheck>;

/** The outcome of the probe for 192.0.2.7, with a script instead of nmap, and the arguments of each run. */
export async function probe(
  script: string,
  changes: Changes = {},
  signal = AbortSignal.timeout(20_000),
) {
  const nmap = await fakeProgram(onTestFinished, script);
  const check: SynCheck = {
    ...{ host: '192.0.2.7', port: 25, engine: 'nmap', adjacent: 'auto' },
    ...{ nmap: nmap.path, timeout: 1.5 },
    ...changes,
  };
  const outcome = await probeSyn(check, signal);
  return { ...outcome, runs: await nmap.runs() };
}

/** The ports that nmap was to scan, run by run. */
export const ports = (runs: readonly (readonly string[])[]) =>
  runs.map((args) => args[args.indexOf('-p') + 1]);

/** A script that prints nmap's report about a port. */
export const nmapReport = (state: string, reason: string, port = 25) =>
  printing(xmlOf(port, state, reason));
