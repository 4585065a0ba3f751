import type { Reply } from '../../reply.ts';
import { bodyFor } from './body.ts';
import { readRequest } from './request.ts';
import { refusal, response } from './response.ts';

/** One HTTP/1.1 response to one request, then the connection ends (RFC 9112 section 9.6). */
export const http: Reply = {
  exitCodes: { ok: 0, warning: 0, critical: 1, unknown: 1 },

  async hear(asker, signal) {
    const verdict = await readRequest(asker, signal);
    if (verdict.kind === 'refused') {
      return { kind: 'refuse', text: refusal(verdict.code, verdict.method) };
    }
    const body = await bodyFor(verdict);
    return { kind: 'ask', say: (report) => response(verdict.method, report, body) };
  },
};
