import type { Report } from '../../check/outcome.ts';
import type { Request } from './request.ts';

/** One form of an answer's body. */
export interface Body {
  readonly contentType: string;
  readonly render: (report: Report) => string;
  /** True when the status line tells of the scrape, not of the target. */
  readonly isScrape?: boolean;
}

/** The body that a request asks for, by its path and its Accept field; documents are loaded for it alone. */
export async function bodyFor({ target, accept }: Request): Promise<Body> {
  if (isMetricsPath(target)) {
    const { exposition } = await import('../formats/exposition.ts');
    const contentType = 'text/plain; version=0.0.4; charset=utf-8';
    return { contentType, render: (report) => exposition(report), isScrape: true };
  }
  const mediaType = accept === undefined ? 'text/plain' : await negotiate(accept);
  if (mediaType === 'text/plain')
    return { contentType: 'text/plain; charset=utf-8', render: verdictText };
  const { healthDocument } = await import('../formats/health-json.ts');
  return { contentType: mediaType, render: healthDocument };
}

const mediaTypes = ['text/plain', 'application/health+json', 'application/json'] as const;

/** Loaded for the requests that have an Accept field alone. */
async function negotiate(accept: string): Promise<(typeof mediaTypes)[number]> {
  const { preferredType } = await import('./accept.ts');
  return preferredType(mediaTypes, accept);
}

/** `/metrics` or `/metrics/`, also as a whole URI (RFC 9112 section 3.2.2), with or without a query. */
function isMetricsPath(target: string): boolean {
  return /^(?:https?:\/\/[^/?#]*)?\/metrics\/?(?:[?#]|$)/i.test(target);
}

/** The verdict on the first line, as operators match on it, the reason on the second, then what `--verbose` adds. */
function verdictText({ probe, outcome, lines = [] }: Report): string {
  const { status, summary, isDraining } = outcome;
  const works = status === 'ok' || status === 'warning';
  const verdict = works ? 'is running.' : 'is not running or not accessible.';
  return `${probe.toUpperCase()} ${isDraining ? 'is drained.' : verdict}\n${[summary, ...lines].join('\n')}\n`;
}
