import { openAbort } from '../system/abort.ts';
import { secondsNow } from '../system/clock.ts';
import { afterReading } from '../system/event-loop.ts';
import { type Outcome, unknown } from './outcome.ts';
import type { Probe } from './probe.ts';

/** A probe that has not ended this long after its deadline counts as broken; in seconds. */
const graceSeconds = 0.1;

/** If this process was held up, the deadline moves by the lost time, but by no more than this. */
const maxDelaySeconds = 0.1;

/** If it lost more than this part of the deadline, silence proves nothing: the target may be healthy. */
const largePart = 1 / 4;

/** How often the lost time is measured within one deadline. */
const measurements = 8;

/** What a probe found, and how many seconds this process was held up meanwhile. */
export interface TimedOutcome {
  readonly outcome: Outcome;
  readonly lostSeconds: number;
}

/** Runs a probe and aborts it at its deadline. Rejects with what a bug throws. */
export async function runUnderDeadline(probe: Probe, timeout: number): Promise<TimedOutcome> {
  const deadline = openAbort();
  const lost = measureLostTime(timeout);
  const timers: NodeJS.Timeout[] = [];
  const after = (seconds: number, act: () => void) => timers.push(setTimeout(act, seconds * 1000));
  let stopListening = () => {};

  return new Promise<Outcome>((resolve, reject) => {
    const abort = () => {
      deadline.abort();
      after(graceSeconds, () => reject(new Error('the probe did not keep its deadline')));
    };
    const expire = () => after(Math.min(lost.seconds(), maxDelaySeconds), abort);
    after(timeout, () => afterReading(expire));
    const fail = (error: Error) => {
      reject(error);
      deadline.abort();
    };
    // An error of a probe's event listener becomes the outcome, and is not printed on stderr.
    process.on('uncaughtException', fail);
    stopListening = () => process.off('uncaughtException', fail);
    probe(deadline.signal).then(resolve, reject);
  })
    .then((outcome) => {
      const lostSeconds = lost.seconds();
      const isDoubtful = deadline.signal.aborted && lostSeconds > timeout * largePart;
      return { outcome: isDoubtful ? withoutBlame(outcome, lostSeconds) : outcome, lostSeconds };
    })
    .finally(() => {
      timers.forEach(clearTimeout);
      lost.stop();
      stopListening();
    });
}

/** Makes a failure unknown: this process was held up, and may have missed the answer. */
function withoutBlame(outcome: Outcome, lostSeconds: number): Outcome {
  if (outcome.status !== 'critical') return outcome;
  const delay = `lbcheck itself was held up for ${lostSeconds.toFixed(1)} s`;
  return unknown(`${delay}, so that this may be its own fault: ${outcome.summary}`);
}

/**
 * Measures for how long this process could not run: it was stopped, its machine was paused or busy, or it
 * was busy itself. A timer that fires late shows it.
 */
function measureLostTime(timeout: number) {
  const interval = timeout / measurements;
  let due = secondsNow() + interval;
  let lost = 0;
  const late = () => Math.max(0, secondsNow() - due);
  const timer = setInterval(() => {
    lost += late();
    due = secondsNow() + interval;
  }, interval * 1000);
  return { seconds: () => lost + late(), stop: () => clearInterval(timer) };
}
