import type { Report, Status } from '../../check/outcome.ts';
import type { Reply } from '../reply.ts';

/**
 * `ready` takes back an earlier `drain`. HAProxy ignores a description after `up`, and ignores
 * `down#reason` if the blank is missing.
 */
const statusWords = {
  ok: () => 'up ready',
  warning: () => 'up ready',
  critical: (summary) => `down #${summary}`,
  unknown: (summary) => `down #${summary}`,
} satisfies Record<Status, (summary: string) => string>;

/** One line of HAProxy's agent check (configuration manual, section 5.2, agent-check). */
export const haproxy: Reply = {
  exitCodes: { ok: 0, warning: 0, critical: 1, unknown: 1 },
  readRequest: async () => ({ kind: 'accepted', requested: { path: '/' }, render: line }),
};

/** The same line for one of many checks: the client names it by `agent-send "NAME\n"`. */
export const haproxyOfMany: Reply = {
  ...haproxy,
  readRequest: async (input, onLate) => {
    const { readAgentName } = await import('./agent-name.ts');
    const name = await readAgentName(input, onLate);
    return { kind: 'accepted', requested: { path: `/${encodeURIComponent(name)}` }, render: line };
  },
};

function line({ outcome: { status, summary, isDraining } }: Report): string {
  return `${isDraining ? 'drain' : statusWords[status](summary)}\n`;
}
