import type { Reply } from './reply.ts';

/** One health+json document on one line, without a request. */
export const json: Reply = {
  exitCodes: { ok: 0, warning: 0, critical: 1, unknown: 1 },
  readRequest: async () => {
    const { healthDocument } = await import('./formats/health-json.ts');
    return { kind: 'accepted', requested: { path: '/' }, render: healthDocument };
  },
};
