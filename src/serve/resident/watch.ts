import type { ListenAddress } from '../../options/listen-address.ts';

/** How often it looks whether the superserver that started it still runs, in seconds. */
const parentCheckSeconds = 0.02;

/** When a resident is to leave. */
export interface End {
  /** Resolves then. */
  readonly wanted: Promise<void>;
  /** Makes it leave. */
  readonly now: () => void;
  readonly stopWatching: () => void;
}

/**
 * Watches for the signals to end, and, under inetd, for the end of the superserver. SIGHUP calls `reload`
 * where there is one. Watch to the last: a signal that nobody listens for ends the process, and with it
 * the checks that are under way.
 */
export function watchForEnd(address: ListenAddress, reload: (() => void) | undefined): End {
  let now = () => {};
  const wanted = new Promise<void>((resolve) => {
    now = resolve;
  });
  const onSignal = { SIGTERM: now, SIGINT: now, SIGHUP: reload ?? now };
  const signals = Object.entries(onSignal) as [NodeJS.Signals, () => void][];
  for (const [signal, act] of signals) process.on(signal, act);
  // xinetd does not tell its servers when it ends; one that stayed would keep the port from the next.
  const parent = process.ppid;
  const look = () => process.ppid !== parent && now();
  const timer = address.kind === 'inetd' ? setInterval(look, parentCheckSeconds * 1000) : undefined;
  return {
    wanted,
    now,
    stopWatching() {
      clearInterval(timer);
      for (const [signal, act] of signals) process.off(signal, act);
    },
  };
}
