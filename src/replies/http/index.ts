import type { Reply } from '../reply.ts';
import { bodyFor } from './body.ts';
import { readHead } from './request.ts';
import { refusal, rejected, response } from './response.ts';

/** One HTTP/1.1 response to one request, then the connection ends (RFC 9112 section 9.6). */
export const http: Reply = {
  exitCodes: { ok: 0, warning: 0, critical: 1, unknown: 1 },

  async readRequest(input, onLate) {
    const result = await readHead(input, onLate);
    if (result.kind === 'refused') {
      return { kind: 'refused', text: refusal(result.code, result.method) };
    }
    const body = await bodyFor(result);
    const { method, target, scrapeTimeout } = result;
    return {
      kind: 'accepted',
      requested: { path: target, limitSeconds: limitOf(scrapeTimeout) },
      render: (report) => response(method, report, body),
      reject: (rejection) => rejected(method, rejection),
    };
  },
};

/** A little less than the scrape waits, so that the answer arrives in time; in seconds. */
function limitOf(scrapeTimeout: number | undefined): number | undefined {
  if (scrapeTimeout === undefined) return undefined;
  return Math.max(0.05, scrapeTimeout - Math.min(0.5, scrapeTimeout / 4));
}
