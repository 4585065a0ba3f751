import type { Reply } from './reply.ts';

/** Prometheus' text format without a request, for a file of node_exporter's textfile collector. */
export const prometheus: Reply = {
  exitCodes: { ok: 0, warning: 0, critical: 1, unknown: 1 },
  readRequest: async () => {
    const { exposition } = await import('./formats/exposition.ts');
    const { seriesTarget } = await import('./formats/series-target.ts');
    // Each check writes its own file there, and no two files may hold the same sample.
    return {
      kind: 'accepted',
      requested: { path: '/metrics' },
      render: (report) =>
        exposition(report, (part) => ({ probe: part.probe, target: seriesTarget(part) })),
    };
  },
};
