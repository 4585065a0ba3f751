import type { Report, Status } from '../outcome.ts';
import type { Reply } from '../reply.ts';

const words = {
  ok: 'OK',
  warning: 'WARNING',
  critical: 'CRITICAL',
  unknown: 'UNKNOWN',
} satisfies Record<Status, string>;

/** One line and the exit code of the Monitoring Plugins guidelines, section "Plugin Output". */
export const plugin: Reply = {
  exitCodes: { ok: 0, warning: 1, critical: 2, unknown: 3 },
  hear: async () => ({ kind: 'ask', say: line }),
};

/** The bar would begin perfdata. */
function line({ probe, outcome }: Report): string {
  const summary = outcome.summary.replaceAll('|', '/');
  return `${probe.toUpperCase()} ${words[outcome.status]} - ${summary}\n`;
}
