import type { Report, Status } from '../../src/check/outcome.ts';

export const statuses = ['ok', 'warning', 'critical', 'unknown'] as const satisfies Status[];

export function reportOf(status: Status, summary = 'a summary'): Report {
  return {
    probe: 'rbl',
    target: '127.0.0.1:53',
    startedAt: new Date(),
    time: { name: 'time', value: 0.001, unit: 's', help: 'Time that the check took' },
    outcome: { status, summary },
  };
}
