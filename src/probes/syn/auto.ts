import { zoneIdOf } from '../../net/ip-address.ts';
import type { AbortSignalLike } from '../../system/abort.ts';
import { programsHaveRawSockets } from '../../system/privilege.ts';
import { askKernel } from './kernel/ask.ts';
import { askNmap, askNmapAgain, type NmapQuestion } from './nmap/ask.ts';
import { type Finding, isOpen, isSilent } from './port-state.ts';

/**
 * Asks nmap where it can work, else the kernel. What nmap does not call open is asked again, by the
 * kernel too: a connection may go another way than nmap's packets (DNAT, policy routes, other uplinks).
 */
export async function askAuto(question: NmapQuestion, signal: AbortSignalLike): Promise<Finding> {
  const canTakeAddress = zoneIdOf(question.address) === undefined;
  // File capabilities of nmap cannot be seen from here: whoever named one wants it to be tried.
  if (canTakeAddress && (question.nmap !== undefined || programsHaveRawSockets())) {
    return askBoth(question, signal);
  }
  const kernel = await askKernel(question, signal);
  if (kernel.kind !== 'unavailable' || !canTakeAddress) return kernel;
  return combine(await askNmap(question, signal), kernel);
}

async function askBoth(question: NmapQuestion, signal: AbortSignalLike): Promise<Finding> {
  // The one that sees the port open ends the other.
  const race = new AbortController();
  const stop = () => race.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const scan = askNmap(question, race.signal);
    const first = await within(scan, nmapShare * question.timeout);
    if (first && isOpen(first)) return first;
    const nmap = first ? askNmapAgain(question, first, race.signal) : scan;
    const kernel = askKernel(question, race.signal);
    const open = await firstOpen([nmap, kernel.then((finding) => withNote(finding, first))]);
    return open ?? combine(await nmap, await kernel);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Its first scan takes half of the deadline. The kernel does not wait much longer for an nmap that hangs. */
const nmapShare = 0.6;

/** What a promise gives within so many seconds; undefined when it takes longer. */
function within<T>(promise: Promise<T>, seconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, undefined);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function firstOpen(asked: readonly Promise<Finding>[]): Promise<Finding | undefined> {
  return new Promise((resolve, reject) => {
    for (const each of asked) each.then((finding) => isOpen(finding) && resolve(finding), reject);
    Promise.all(asked).then(() => resolve(undefined), reject);
  });
}

/** The kernel's finding, and that nmap found another one. */
function withNote(kernel: Finding, nmap: Finding | undefined): Finding {
  if (kernel.kind !== 'state' || nmap?.kind !== 'state') return kernel;
  const note = `seen by the kernel, though nmap says ${nmap.state} (${nmap.reason})`;
  return { ...kernel, note };
}

/** The more telling of two findings, neither of which is `open`. */
function combine(nmap: Finding, kernel: Finding): Finding {
  if (nmap.kind === 'unavailable' && kernel.kind === 'unavailable') {
    return { kind: 'unavailable', why: `${nmap.why}; ${kernel.why}` };
  }
  if (nmap.kind === 'unavailable') return kernel;
  if (nmap.kind === 'blocked' || kernel.kind === 'blocked') {
    return nmap.kind === 'blocked' ? nmap : kernel;
  }
  if (kernel.kind === 'state' && (nmap.kind !== 'state' || isSilent(nmap))) return kernel;
  return nmap;
}
