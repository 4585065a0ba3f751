import type { Reply } from '../reply.ts';
import { bodyFor } from './body.ts';
import { readHead } from './request.ts';
import { refusal, rejected, response } from './response.ts';

/** One HTTP/1.1 response to one request, then the connection ends (RFC 9112 section 9.6). */
export const http: Reply = {
  exitCodes: { ok: 0, warning: 0, critical: 1, unknown: 1 },

  async readRequest(client, signal) {
    const result = await readHead(client, signal);
    if (result.kind === 'refused') {
      return { kind: 'refused', text: refusal(result.code, result.method) };
    }
    const body = await bodyFor(result);
    const { method, target } = result;
    return {
      kind: 'accepted',
      requested: { path: target },
      render: (report) => response(method, report, body),
      reject: (rejection) => rejected(method, rejection),
    };
  },
};
